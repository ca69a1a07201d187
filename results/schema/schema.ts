import { z } from 'zod';
import { asked } from './asked-schema.ts';
import { bytes } from './bytes-schema.ts';
import { capacityPlan, closedLoop } from './capacity-schema.ts';
import { environmentRecord } from './environment-schema.ts';
import {
  broadcasts,
  cohort,
  exchange,
  noise,
  processFigures,
  proxy,
  specimen,
  stalls,
  storm,
  timelinePiece,
} from './observation-schema.ts';
import { link, mistake, path, route } from './path-schema.ts';
import { count, histogram, milliseconds, point, transport } from './plain-schema.ts';
import { scenarioRecord } from './scenario-schema.ts';

/**
 * The version of the schemas below. They have no transforms, so the JSON Schemas say exactly what is in the files.
 * Field names carry their units; instants are milliseconds from the start of the window, wall-clock times ISO 8601.
 *
 * Records of version 1 are rewritten by `migration.ts` before they are checked. New fields must be optional: there is
 * to be no version 3.
 */
export const schemaVersion = 2;

const trialHead = {
  schemaVersion: z.literal(schemaVersion),
  block: count.describe('trials of one block share scenario, point, seed and time; the statistics pair them'),
  position: count.describe('place in the random order of the block, from 0'),
  scenario: z.string(),
  point,
  transport,
  arm: z.enum(['A', 'B']).optional().describe('only if a transport runs against itself: which of its two arms'),
  path,
  client: z
    .enum(['lean', 'library'])
    .optional()
    .describe('what the clients are made of: our own parsers, or undici and ws; absent: undici and ws'),
  seed: z.string(),
  startedAt: z.iso.datetime(),
};

export const completedTrial = z.strictObject({
  ...trialHead,
  status: z.literal('completed'),
  window: z.strictObject({
    durationMs: milliseconds,
    warmupMs: milliseconds.describe(
      'what was played before the window: the warm-up, and windows that it went on after',
    ),
    warmupOperations: count.describe('requests and deliveries before the window'),
    drainMs: milliseconds,
    edges: z
      .strictObject({ connectedAt: z.iso.datetime(), openedAt: z.iso.datetime(), closedAt: z.iso.datetime() })
      .optional()
      .describe(
        'quiet edges, when nothing was under way and all counters were read: with all clients connected, before the ' +
          'window, after it. A capture up to the first holds the set-up, one between the others the window',
      ),
  }),
  updates: z.strictObject({
    intended: count.describe('arrivals in the seeded schedule, without inputs'),
    published: count.describe('handed over by the source, or published by clients'),
    accepted: count.describe('given a version by the server'),
    intendedInputs: count,
    publishedInputs: count,
    acceptedInputs: count,
    repeatedPublishes: count.describe('dropped by the server as already accepted'),
  }),
  ledger: z.strictObject({
    expected: count,
    received: count,
    conflated: count.describe('counted by the server, per client'),
    lost: count,
    duplicated: count,
    outOfOrder: count,
    clientsOutOfBalance: count,
    faults: z.array(z.string()).describe('what did not balance, at most 20 lines'),
  }),
  latency: z.strictObject({
    delivery: histogram.describe('intended instant to receipt'),
    downlink: histogram.describe('accepted instant to receipt'),
    uplink: histogram.describe('intended instant to acceptance; count 0 unless clients publish'),
    setUp: histogram.describe('start of connecting to subscribed, per client'),
  }),
  staleFraction: z.number().describe('mean over clients, 0 to 1'),
  meanStalenessMs: milliseconds.describe(
    'mean over updates and clients: intended instant until receipt of it or a newer one; 0 without updates',
  ),
  timeline: z.array(timelinePiece),
  cohorts: z.array(cohort).describe('empty unless short polling with several intervals'),
  exchange: exchange.nullable().describe('first repeat only'),
  specimen: specimen
    .nullable()
    .describe(
      'first repeat only, captured after everything had been measured; of windows on the same connections the last',
    ),
  bytes,
  counts: z.strictObject({
    requests: count,
    drainRequests: count,
    emptyAnswers: count,
    intendedPolls: count,
    skippedPolls: count,
    connections: count.describe('open at the start of the window'),
    reconnects: count,
    heartbeats: count,
    errors: count.describe('answers that the contract does not explain'),
    slowReaders: count.describe('readers cut off (every) or conflated (latest) for unsent bytes'),
  }),
  setUpMs: milliseconds.describe('time until all clients were subscribed, at the rate that the servers took'),
  hostCpuWindowMs: milliseconds
    .nullable()
    .describe(
      'busy time of the cores of servers and proxy in the window, summed, kernel included; null: cannot be attributed',
    ),
  serverCpus: z
    .number()
    .positive()
    .optional()
    .describe('how many CPUs servers and proxy could use together, by the quota of a control group; absent: no quota'),
  kernelSocketBytes: z
    .strictObject({ idle: count.nullable(), connected: count.nullable() })
    .describe('queues of all TCP sockets of the machine, both ends together: before the first client, with all'),
  kernelSlabBytes: z
    .strictObject({ idle: count.nullable(), connected: count.nullable() })
    .optional()
    .describe('objects of the kernel, whole machine: before the first client, with all'),
  lateness: z.strictObject({
    source: histogram.describe('intended instant until it is handed over'),
    publish: histogram,
    poll: histogram,
    relay: histogram.describe('of relayed bytes, beyond half an RTT; count 0 without a relay'),
  }),
  processes: z.array(processFigures),
  limit: z
    .enum(['instrument', 'server', 'nothing'])
    .optional()
    .describe(
      'what was the limit, by the CPU time of all processes that share a core; absent: not judged when measured',
    ),
  outstandingMs: milliseconds
    .optional()
    .describe(
      "deliveries under way, integrated over time, from the server's list of updates and the clients' receipts",
    ),
  clockUncertaintyUs: z
    .number()
    .nullable()
    .optional()
    .describe('by how much instants of two processes may disagree; null: could not be measured'),
  noise: noise.optional(),
  proxy: proxy.optional(),
  clientsSeenByServer: z
    .array(count)
    .optional()
    .describe(
      "behind the user's own proxy, in the order of --listen: clients that had asked each server by the time all" +
        ' were subscribed; a client that asked several servers counts at each',
    ),
  storm: storm.optional(),
  broadcasts: broadcasts.optional().describe('absent: none reached a client'),
  stalls: stalls.optional().describe('absent: not looked for'),
  clientWork: z
    .strictObject({
      medianUs: z
        .number()
        .describe(
          "median time that the client's own library and parser add to a delivery, by an echo without a network",
        ),
      echoes: count,
    })
    .optional()
    .describe(
      'first repeat only, and of windows on the same connections the last; absent: not measured, as over TLS, HTTP/2 and compression',
    ),
  closedLoop: closedLoop.optional().describe('after the window; such a trial is no window of a search'),
});

export const failedTrial = z.strictObject({
  ...trialHead,
  status: z.literal('failed'),
  stage: z.enum(['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle']),
  reason: z.string(),
  mistake: z
    .strictObject({ name: mistake, symptom: z.string().describe('what users of such a path see') })
    .optional()
    .describe('the deliberate misconfiguration of the path, which may be why the trial failed'),
  proxyConfiguration: z.string().optional().describe('if a proxy had been started; first repeat only'),
});

export const trialRecord = z.discriminatedUnion('status', [completedTrial, failedTrial]);

const plannedScenario = z.strictObject({
  scenario: scenarioRecord,
  point,
  link: link.optional().describe('if the point has another link than the plan'),
  cookieBytes: count.optional().describe('if the point has a cookie of its own, on every path'),
  repeats: count.describe('1: shown once, no verdict'),
  durationMs: milliseconds,
  warmupMs: milliseconds,
  goesOn: z
    .literal(true)
    .optional()
    .describe('its window follows that of the one before it, with the same processes and connections, in each repeat'),
});

export const runRecord = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  name: z.string(),
  version: z.string().describe('of polling-vs-websocket'),
  status: z.enum(['running', 'completed', 'interrupted']),
  profile: z.string(),
  command: z.array(z.string()),
  asked: asked.describe('what the run was asked for, as data'),
  seed: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  resumedAt: z.array(z.iso.datetime()).optional().describe('when it went on after it had been stopped'),
  plan: z.strictObject({
    transports: z.array(transport),
    network: z.enum(['loopback', 'isolated']),
    link,
    scenarios: z.array(plannedScenario),
    trials: count,
    shuffled: z
      .literal(true)
      .optional()
      .describe('the planned scenarios of each repeat ran in random order, and so did those that share processes'),
    routes: z.array(route).optional().describe('verdicts are about the first; absent: direct alone'),
    storm: z.enum(['node-killed', 'proxy-reloaded']).optional().describe('what cut connections in each window'),
    capacity: capacityPlan
      .optional()
      .describe('how much a server carries is searched for: `trials` is 0, each trial is one window at a load'),
    aa: z.boolean().optional().describe('one transport runs against itself, as arms A and B of each block'),
  }),
  environment: environmentRecord,
});

export type Histogram = z.infer<typeof histogram>;
export type Cohort = z.infer<typeof cohort>;
export type Exchange = z.infer<typeof exchange>;
export type SpecimenRecord = z.infer<typeof specimen>;
export type ProxyRecord = z.infer<typeof proxy>;
export type StallRecord = z.infer<typeof stalls>;
export type StormRecord = z.infer<typeof storm>;
export type RouteRecord = z.infer<typeof route>;
export type LinkRecord = z.infer<typeof link>;
export type TimelinePiece = z.infer<typeof timelinePiece>;
export type CompletedTrial = z.infer<typeof completedTrial>;
export type FailedTrial = z.infer<typeof failedTrial>;
export type TrialRecord = z.infer<typeof trialRecord>;
export type RunRecord = z.infer<typeof runRecord>;
export type NoiseRecord = z.infer<typeof noise>;
export type EnvironmentRecord = z.infer<typeof environmentRecord>;
export type PlannedScenario = z.infer<typeof plannedScenario>;
export type ProcessFigures = z.infer<typeof processFigures>;

/** A run as stored on disk: what was planned, and every trial that has ended so far. */
export type Run = { readonly record: RunRecord; readonly trials: readonly TrialRecord[] };
