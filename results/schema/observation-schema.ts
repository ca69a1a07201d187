import { z } from 'zod';
import { count, histogram, milliseconds } from './plain-schema.ts';

export const processFigures = z.strictObject({
  role: z.enum(['server', 'load', 'source', 'relay', 'backplane', 'proxy']),
  name: z.string(),
  core: z.int().nullable().describe('the core it was pinned to, null where it was not'),
  cpuConnectMs: milliseconds
    .optional()
    .describe('user + system CPU time while all clients connected: handshakes and first answers'),
  cpuWindowMs: milliseconds.describe('user + system CPU time from the start of the window to its end'),
  cpuDrainMs: milliseconds.describe('the same from the end of the window to the end of the drain'),
  rssBytes: count.describe('at the end of the drain'),
  idleRssBytes: count.describe('before the first client connected'),
  connectedRssBytes: count.describe('when all clients were subscribed, before any load'),
  heapBytes: count,
  externalBytes: count,
  eventLoopUtilization: z.number().describe('0 to 1, over the window'),
});

const cohortBytes = z.strictObject({ encodedUpdateBytes: count, framingBytes: count });

export const cohort = z
  .strictObject({
    pollIntervalMs: milliseconds,
    clients: count,
    delivery: histogram,
    meanStalenessMs: milliseconds,
    staleFraction: z.number(),
    requests: count.describe('in the window'),
    down: cohortBytes.describe('in the window, at the polling connections'),
    up: cohortBytes.describe('in the window, at the polling connections; publishes are on others'),
  })
  .describe('the short-polling clients that share an interval');

export const timelinePiece = z
  .strictObject({
    count: count.describe('deliveries of updates intended in this piece; 0: the others say nothing'),
    minMs: milliseconds,
    meanMs: milliseconds,
    maxMs: milliseconds,
  })
  .describe('delivery latency in one piece of the window; all pieces are equally long');

export const exchange = z
  .strictObject({
    completeMs: milliseconds.describe('everything until then is told, from the start of the window'),
    events: z.array(
      z.strictObject({
        side: z.enum(['client', 'server']),
        kind: z.enum(['request', 'answer', 'update']).describe('a poll, its answer, a pushed update'),
        atMs: milliseconds.describe('sent or received, from the start of the window'),
        version: count.nullable().describe('the newest one carried; null: nothing new'),
      }),
    ),
    updates: z
      .array(
        z.strictObject({
          version: count,
          intendedMs: milliseconds,
          acceptedMs: milliseconds,
          own: z.boolean().describe('published by this client'),
        }),
      )
      .describe('what was to be told in its channel'),
  })
  .describe('what one client and the server said to each other, as both sides wrote it down');

export const specimen = z
  .array(
    z.strictObject({
      direction: z.enum(['up', 'down']),
      pieces: z.array(
        z.strictObject({
          layer: z.enum(['headers', 'framing', 'update']),
          length: count.describe('in bytes, as sent'),
          base64: z.string().describe('its first 600 bytes'),
        }),
      ),
    }),
  )
  .describe('the bytes that one fresh client and the server sent each other, in order, at the sockets');

export const noise = z
  .strictObject({
    stealShare: z.number().nullable().describe('of the time of all cores in the window, taken by the hypervisor'),
    strangerShare: z
      .number()
      .nullable()
      .describe('of the same time, busy with what is neither the trial nor pvw; includes kernel work of no process'),
    throttledMs: milliseconds.nullable().describe('for which the cgroup was stopped for having used up its quota'),
    spins: z
      .array(
        z.strictObject({
          core: z.int().nullable().describe('null where threads cannot be kept to a core'),
          fastestUs: z.number().describe('of a fixed piece of work: the speed of the core'),
          slowdown: z.number().describe('mean duration over the fastest, just before and just after the window'),
        }),
      )
      .describe('empty where it was not measured'),
    tasks: z
      .array(
        z.strictObject({
          core: z.int().nullable().describe('null where threads cannot be kept to a core'),
          count: count.describe('at random instants, twenty a second on average'),
          medianUs: z.number().describe('from when the task was due until it was done'),
          cpuMs: milliseconds
            .nullable()
            .describe('of all of them; left out of hostCpuWindowMs, unless the kernel does not tell it (null)'),
        }),
      )
      .optional()
      .describe('a small task of always the same work: what a core charges whoever wakes up on it'),
  })
  .describe('what else happened on the cores of the trial; null where the system does not say');

export const storm = z
  .strictObject({
    kind: z.enum(['node-killed', 'proxy-reloaded']),
    atMs: milliseconds.describe('from the start of the window'),
    clientsCut: count.describe('whose connection ended by it'),
    backMs: histogram.describe('from the cut until a client was subscribed again, per client that was cut'),
    caughtUpMs: milliseconds
      .nullable()
      .describe(
        'from the first cut until every client that was cut had what was accepted until it was back; null: nobody was cut, or some never had it',
      ),
    clientsBehind: count.optional().describe('that were cut and never had all of that'),
    missedUpdates: count.describe('accepted while their clients were cut'),
    connectionsMade: count.optional().describe('by the clients between the quiet edges around the window'),
  })
  .describe('connections cut on purpose: those of the clients that a killed server had, or those that a proxy held');

export const proxy = z
  .strictObject({
    version: z.string(),
    configuration: z.string().nullable().describe('as it was generated, with comments; of the first repeat only'),
    workers: count,
    clientsByNode: z.array(count).describe('how the clients spread over the servers, when all were subscribed'),
    upstreamConnections: count.optional().describe('opened from the proxy to the servers between the quiet edges'),
  })
  .describe('the proxy of the path; its CPU is among the processes');
