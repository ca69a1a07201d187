import { z } from 'zod';
import { count, histogram, milliseconds } from './plain-schema.ts';

export const processFigures = z.strictObject({
  role: z.enum(['server', 'load', 'source', 'relay', 'backplane', 'proxy']),
  name: z.string(),
  core: z.int().nullable().describe('the core it was pinned to; null: not pinned'),
  cpuConnectMs: milliseconds
    .optional()
    .describe('user + system CPU time while all clients connected: handshakes and first answers'),
  cpuWindowMs: milliseconds.describe('user + system CPU time from the start of the window to its end'),
  spunMs: milliseconds
    .optional()
    .describe('of cpuWindowMs: spent on waiting awake for the next instant, and free for work; absent: unknown'),
  sampledMs: milliseconds
    .optional()
    .describe(
      'between the two readings of cpuWindowMs: longer than the window if it was too busy to be read at its end',
    ),
  cpuDrainMs: milliseconds.describe('user + system CPU time from the end of the window to the end of the drain'),
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
    count: count.describe('deliveries of updates intended in this piece; if 0, the other fields mean nothing'),
    minMs: milliseconds,
    meanMs: milliseconds,
    maxMs: milliseconds,
  })
  .describe('delivery latency in one piece of the window; all pieces are equally long');

export const exchange = z
  .strictObject({
    completeMs: milliseconds.describe('the log is complete up to this instant, from the start of the window'),
    events: z.array(
      z.strictObject({
        side: z.enum(['client', 'server']),
        kind: z.enum(['request', 'answer', 'update']).describe('a poll, its answer, a pushed update'),
        atMs: milliseconds.describe('sent or received, from the start of the window'),
        version: count.nullable().describe('the newest version carried; null: nothing new'),
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
      .describe('the updates of its channel'),
    publishes: z
      .array(
        z.strictObject({
          kind: z
            .enum(['update', 'input'])
            .describe(
              'an update of its channel, which is among `updates` as `own`, or an input that only the server reads',
            ),
          sentMs: milliseconds
            .nullable()
            .describe(
              'left the client; if sent again, the last time before it was accepted; null: before the log began',
            ),
          version: count.nullable().describe('null: not accepted by the end of the log'),
          acceptedMs: milliseconds.nullable(),
          answeredMs: milliseconds.nullable().describe('the server sent the acknowledgement'),
          acknowledgedMs: milliseconds.nullable().describe('the client received it'),
        }),
      )
      .optional()
      .describe('what this client published, in the order in which it was sent; absent: not recorded'),
  })
  .describe('the exchange between one client and the server, as both sides recorded it');

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
  .describe('the bytes that one newly connected client and the server sent each other, in order, at the sockets');

export const noise = z
  .strictObject({
    stealShare: z
      .number()
      .nullable()
      .describe('share of the time of all cores in the window taken by the hypervisor, 0 to 1'),
    strangerShare: z
      .number()
      .nullable()
      .describe(
        'share of the same time used by neither the trial nor pvw; includes kernel work not charged to a process',
      ),
    throttledMs: milliseconds
      .nullable()
      .describe('time for which the cgroup was stopped because it had used up its quota'),
    spins: z
      .array(
        z.strictObject({
          core: z.int().nullable().describe('null where threads cannot be kept to a core'),
          fastestUs: z.number().describe('shortest duration of a fixed piece of work: the speed of the core'),
          slowdown: z.number().describe('mean duration divided by the shortest, just before and just after the window'),
        }),
      )
      .describe('empty: not measured'),
    tasks: z
      .array(
        z.strictObject({
          core: z.int().nullable().describe('null where threads cannot be kept to a core'),
          count: count.describe('tasks run, at random instants, twenty a second on average'),
          medianUs: z.number().describe('median time from when a task was due until it was done'),
          cpuMs: milliseconds
            .nullable()
            .describe(
              'CPU time of all tasks, subtracted from hostCpuWindowMs; null: not reported by the kernel, nothing subtracted',
            ),
        }),
      )
      .optional()
      .describe('a small task of constant work: what it costs to wake up on a core'),
  })
  .describe('other activity on the cores of the trial; null where the system does not report it');

export const storm = z
  .strictObject({
    kind: z.enum(['node-killed', 'proxy-reloaded']),
    atMs: milliseconds.describe('from the start of the window'),
    clientsCut: count.describe('clients whose connection it ended'),
    backMs: histogram.describe('from the cut until the client was subscribed again, per client that came back'),
    caughtUpMs: milliseconds
      .nullable()
      .describe(
        'from the first cut until every client that was cut had all updates accepted before it was back; null: no ' +
          'client was cut, or some never caught up',
      ),
    clientsBehind: count.optional().describe('clients that were cut and never caught up'),
    missedUpdates: count.describe('updates accepted while their clients were cut off'),
    connectionsMade: count
      .optional()
      .describe('connections opened by the clients between the quiet edges around the window'),
  })
  .describe('connections cut on purpose: those to a killed server, or those through a reloaded proxy');

export const broadcasts = z
  .strictObject({
    delivery: histogram.describe('latencies of the deliveries of broadcasts alone'),
    sent: z.array(
      z.strictObject({
        atMs: milliseconds.describe('intended instant, from the start of the window'),
        clients: count.describe('clients that received it'),
        lastMs: milliseconds.describe('from the intended instant until the last of them had it'),
      }),
    ),
  })
  .describe('updates for all clients at once, also part of all other figures');

export const proxy = z
  .strictObject({
    version: z.string(),
    configuration: z.string().nullable().describe('as generated, with comments; first repeat only'),
    workers: count,
    clientsByNode: z.array(count).describe('clients per server, when all were subscribed'),
    upstreamConnections: count.optional().describe('opened from the proxy to the servers between the quiet edges'),
  })
  .describe('the proxy of the path; its CPU is among the processes');

export const stalls = z
  .strictObject({
    gapMs: milliseconds.describe('time of the window in which at least one of these processes did not run'),
    gaps: z
      .array(
        z.strictObject({
          process: z.string(),
          count,
          totalMs: milliseconds,
          longest: z
            .array(z.strictObject({ fromMs: milliseconds, toMs: milliseconds }))
            .describe('the longest of them, at most 20, in order, from the start of the window'),
        }),
      )
      .describe('by process, of those that had any from the start of the window to the end of the drain'),
    lateMs: milliseconds.describe('an update, publish or poll that left later than this was late'),
    lateUpdates: count.describe('updates and publishes that left late'),
    undisturbed: histogram
      .optional()
      .describe(
        'delivery latencies without those of an update, publish or poll that left late and those under way in a gap;' +
          ' absent: the same as all',
      ),
  })
  .describe(
    'when source, load or relay did not run, seen by a tick every 5 ms, and what they sent late: latencies that the' +
      ' instrument made',
  );
