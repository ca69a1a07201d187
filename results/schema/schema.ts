import { z } from 'zod';
import { asked } from './asked-schema.ts';
import { bytes } from './bytes-schema.ts';
import { environmentRecord } from './environment-schema.ts';
import {
  cohort,
  exchange,
  noise,
  processFigures,
  proxy,
  specimen,
  storm,
  timelinePiece,
} from './observation-schema.ts';
import { link, mistake, path, route } from './path-schema.ts';
import { count, histogram, milliseconds, point, transport } from './plain-schema.ts';
import { scenarioRecord } from './scenario-schema.ts';

/**
 * The records of a run, versioned. Plain data: no transforms, so the JSON Schema says exactly what is in the files.
 * Units are in the names; instants are microseconds since the run's epoch, wall-clock times ISO 8601.
 *
 * Records of version 1 are rewritten by `migration.ts` before they are checked. New fields are optional; there is no
 * version 3.
 */
export const schemaVersion = 2;

const trialHead = {
  schemaVersion: z.literal(schemaVersion),
  block: count.describe('trials of one block share scenario, point, seed and time: the pairs of the statistics'),
  position: count.describe('place in the random order of the block, from 0'),
  scenario: z.string(),
  point,
  transport,
  arm: z.enum(['A', 'B']).optional().describe('only where a transport runs against itself: which of the two it was'),
  path,
  seed: z.string(),
  startedAt: z.iso.datetime(),
};

export const completedTrial = z.strictObject({
  ...trialHead,
  status: z.literal('completed'),
  window: z.strictObject({
    durationMs: milliseconds,
    warmupMs: milliseconds,
    warmupOperations: count.describe('requests and deliveries before the window'),
    drainMs: milliseconds,
  }),
  updates: z.strictObject({
    intended: count.describe('arrivals the seeded schedule asked for, without consumed inputs'),
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
  exchange: exchange.nullable().describe('of the first repeat only'),
  specimen: specimen.nullable().describe('of the first repeat only, captured when everything had been measured'),
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
  setUpMs: milliseconds.describe('until all clients were subscribed, at a bounded rate'),
  hostCpuWindowMs: milliseconds
    .nullable()
    .describe("what the server's core was busy in the window, kernel included; null: not attributable"),
  kernelSocketBytes: z
    .strictObject({ idle: count.nullable(), connected: count.nullable() })
    .describe('queues of all TCP sockets of the machine, both ends together: before the first client, with all'),
  lateness: z.strictObject({
    source: histogram.describe('intended instant to hand-over'),
    publish: histogram,
    poll: histogram,
    relay: histogram.describe('of what the relay passes on, beyond half an RTT; count 0 without a relay'),
  }),
  processes: z.array(processFigures),
  outstandingMs: milliseconds
    .optional()
    .describe('deliveries under way, summed up over time: from the list of the server and the receipts of the clients'),
  clockUncertaintyUs: z
    .number()
    .nullable()
    .optional()
    .describe('by how much instants of two processes may disagree; null where it was not measured'),
  noise: noise.optional(),
  proxy: proxy.optional(),
  clientsSeenByServer: z
    .array(count)
    .optional()
    .describe(
      'behind a proxy of the user, in the order of --listen: the clients that had asked each server when all were subscribed; one that asked several servers counts at each',
    ),
  storm: storm.optional(),
});

export const failedTrial = z.strictObject({
  ...trialHead,
  status: z.literal('failed'),
  stage: z.enum(['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle']),
  reason: z.string(),
  mistake: z
    .strictObject({ name: mistake, symptom: z.string().describe('what people see who have made it') })
    .optional()
    .describe('what is wrong with the path on purpose, which may well be why the trial failed'),
  proxyConfiguration: z.string().optional().describe('where a proxy had been started; of the first repeat only'),
});

export const trialRecord = z.discriminatedUnion('status', [completedTrial, failedTrial]);

const plannedScenario = z.strictObject({
  scenario: scenarioRecord,
  point,
  link: link.optional().describe('where the point has another link than the plan'),
  repeats: count.describe('1: shown once, no verdict'),
  durationMs: milliseconds,
  warmupMs: milliseconds,
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
  plan: z.strictObject({
    transports: z.array(transport),
    network: z.enum(['loopback', 'isolated']),
    link,
    scenarios: z.array(plannedScenario),
    trials: count,
    routes: z.array(route).optional().describe('the first is the one that verdicts are about; absent: direct alone'),
    storm: z.enum(['node-killed', 'proxy-reloaded']).optional().describe('what cut connections in each window'),
    aa: z.boolean().optional().describe('one transport runs against itself, as arms A and B of each block'),
  }),
  environment: environmentRecord,
});

export type Histogram = z.infer<typeof histogram>;
export type Cohort = z.infer<typeof cohort>;
export type Exchange = z.infer<typeof exchange>;
export type SpecimenRecord = z.infer<typeof specimen>;
export type ProxyRecord = z.infer<typeof proxy>;
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
