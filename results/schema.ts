import { z } from 'zod';

/**
 * The records of a run, versioned. Plain data: no transforms, so the JSON Schema says exactly what is in the files.
 * Units are in the names; instants are microseconds since the run's epoch, wall-clock times ISO 8601.
 */
export const schemaVersion = 1;

const count = z.int().min(0);
const milliseconds = z.number();
const transport = z.enum(['short-polling', 'long-polling', 'sse', 'websocket']);

const arrivals = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('poisson'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('bursts'), perSecond: z.number(), size: count, gapMs: z.number() }),
  z.strictObject({ kind: z.literal('trace'), instantsMs: z.array(z.number()), lengthMs: z.number() }),
]);
const payload = z.strictObject({ kind: z.string(), bytes: count });

export const scenarioRecord = z.strictObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  clients: count,
  channels: count,
  origin: z.enum(['server', 'client']),
  arrivals,
  payload,
  semantics: z.enum(['every', 'latest']),
  encoding: z.enum(['json', 'binary']),
  echo: z.boolean(),
  inputs: z.strictObject({ arrivals, payload }).optional(),
  pollIntervalMs: z.number(),
  pollCohortsMs: z.array(z.number()).optional().describe('short-polling clients by interval, in equal parts'),
  holdMs: z.number(),
  heartbeatMs: z.number(),
});

const histogram = z
  .strictObject({
    count,
    meanMs: milliseconds,
    p50Ms: milliseconds,
    p90Ms: milliseconds,
    p99Ms: milliseconds,
    maxMs: milliseconds,
    encoded: z.string().describe('HdrHistogram V2 compressed, base64, of microseconds, 3 significant digits'),
  })
  .describe('A distribution; all figures are 0 when count is 0');

const direction = z.strictObject({
  encodedUpdateBytes: count.describe('encoded updates (down) or encoded publishes (up), each delivery counted'),
  framingBytes: count.describe('everything else at the sockets: headers, framing, acknowledgements, empty answers'),
  drainFramingBytes: count.describe('the part of framingBytes that polls after the window caused; left out of rates'),
  surplusUpdateBytes: count.describe(
    'the part of encodedUpdateBytes that polls after the window brought where an earlier one of the same interval had ' +
      'brought some, under latest; left out of rates',
  ),
});

const packetDirection = z.strictObject({
  packets: count.describe('sent; retransmissions and acknowledgements too'),
  frameBytes: count.describe('of whole Ethernet frames without checksum, counted by the kernel at the sender'),
  headerBytes: z.int().describe('frameBytes beyond what the sockets took: Ethernet, IP, TCP, and what was sent again'),
  computedHeaderBytes: count.describe('66 for each packet, 8 more for each SYN: equal unless something was lost'),
  retransmittedSegments: count,
  lostPackets: z.int().describe('sent and never arrived'),
});

const packetStage = z.strictObject({ down: packetDirection, up: packetDirection });

const processFigures = z.strictObject({
  role: z.enum(['server', 'load', 'source', 'relay', 'backplane', 'proxy']),
  name: z.string(),
  core: z.int().nullable().describe('the core it was pinned to, null where it was not'),
  cpuConnectMs: milliseconds.optional().describe('the same while all clients connected: handshakes and first answers'),
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

const cohort = z
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

const timelinePiece = z
  .strictObject({
    count: count.describe('deliveries of updates intended in this piece; 0: the others say nothing'),
    minMs: milliseconds,
    meanMs: milliseconds,
    maxMs: milliseconds,
  })
  .describe('delivery latency in one piece of the window; all pieces are equally long');

const exchange = z
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

const specimen = z
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

const route = z
  .strictObject({
    name: z.string(),
    tls: z.strictObject({ resumption: z.boolean() }).nullable(),
    http: z.literal([1, 2]),
    proxy: z
      .strictObject({
        kind: z.literal('nginx'),
        balancing: z.enum(['ip_hash', 'least_conn', 'round_robin']),
        mistake: z
          .enum(['no-upgrade-headers', 'buffered-sse', 'short-read-timeout', 'no-upstream-keepalive'])
          .nullable()
          .describe('what was left wrong on purpose'),
      })
      .nullable(),
    nodes: count.describe('servers that expose the same stream'),
    headers: z.enum(['minimal', 'browser']),
    cookieBytes: count,
    compression: z.strictObject({ contextTakeover: z.boolean() }).nullable(),
  })
  .describe('what a path goes through beside its link');

const trialHead = {
  schemaVersion: z.literal(schemaVersion),
  block: count.describe('trials of one block share scenario, seed and time: the pairs of the statistics'),
  position: count.describe('place in the random order of the block, from 0'),
  scenario: z.string(),
  transport,
  arm: z.enum(['A', 'B']).optional().describe('only where a transport runs against itself: which of the two it was'),
  path: z.strictObject({
    network: z.enum(['loopback', 'isolated']),
    rttMs: z.number(),
    jitterMs: z.number().describe('by how much the round-trip time varies to both sides'),
    bandwidthBitsPerSecond: z.number().nullable().describe('of each direction; null: as fast as the machine'),
    lossShare: z.number().describe('of packets in each direction, on purpose, 0 to 1'),
    delay: z.enum(['none', 'netem', 'vxlan-relay', 'tcp-relay']).describe('what makes the round-trip time'),
    congestionControl: z.string().nullable().describe("pinned for these connections; null: the machine's"),
    caveats: z.array(z.string()),
    route: route.optional().describe('absent: direct'),
    link: z.string().optional().describe('the named link whose conditions these are'),
    via: z.string().optional().describe('the URL of a proxy or tunnel of the user that everything went through'),
  }),
  seed: z.string(),
  startedAt: z.iso.datetime(),
};

const noise = z
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
  })
  .describe('what else happened on the cores of the trial; null where the system does not say');

const storm = z
  .strictObject({
    kind: z.enum(['node-killed', 'proxy-reloaded']),
    atMs: milliseconds.describe('from the start of the window'),
    clientsCut: count.describe('whose connection ended by it'),
    backMs: histogram.describe('from the cut until a client was subscribed again, per client that was cut'),
    caughtUpMs: milliseconds.describe('from the cut until every client had what was accepted by then'),
    missedUpdates: count.describe('accepted while their clients were cut, which resuming brought'),
  })
  .describe('all clients were cut at once');

const proxy = z
  .strictObject({
    version: z.string(),
    configuration: z.string().nullable().describe('as it was generated, with comments; of the first repeat only'),
    workers: count,
    clientsByNode: z.array(count).describe('how the clients spread over the servers, when all were subscribed'),
    upstreamConnections: count.optional().describe('opened from the proxy to the servers between the quiet edges'),
  })
  .describe('the proxy of the path; its CPU is among the processes');

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
  specimen: specimen.nullable().describe('of the first repeat only, captured after everything was measured'),
  bytes: z.strictObject({
    down: direction,
    up: direction,
    serverReadBytes: count,
    serverWrittenBytes: count,
    relayUpBytes: count.nullable(),
    relayDownBytes: count.nullable(),
    setUpUpBytes: count,
    setUpDownBytes: count,
    packets: z
      .strictObject({
        window: packetStage.describe('between the quiet edges around the window, drain included'),
        setUp: packetStage.describe('from the first SYN until all clients were subscribed'),
      })
      .nullable()
      .describe('null: not measured, which takes an isolated network'),
    tls: z
      .strictObject({ setUpUp: count, setUpDown: count, windowUp: count, windowDown: count })
      .optional()
      .describe('what TLS adds to the bytes at the sockets, which contain it: while connecting, and in the window'),
    whole: z
      .strictObject({
        clientReadBytes: count,
        clientWrittenBytes: count,
        serverReadBytes: count,
        serverWrittenBytes: count,
        relayUpBytes: count.nullable(),
        relayDownBytes: count.nullable(),
      })
      .describe('from the first connect to the last quiet edge: both ends, and the relay between them, must agree'),
  }),
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
  storm: storm.optional(),
});

export const failedTrial = z.strictObject({
  ...trialHead,
  status: z.literal('failed'),
  stage: z.enum(['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle']),
  reason: z.string(),
  proxyConfiguration: z.string().optional().describe('where a proxy had been started; of the first repeat only'),
});

export const trialRecord = z.discriminatedUnion('status', [completedTrial, failedTrial]);

const plannedScenario = z.strictObject({
  scenario: scenarioRecord,
  repeats: count.describe('1: shown once, no verdict'),
  durationMs: milliseconds,
  warmupMs: milliseconds,
});

export const environmentRecord = z.strictObject({
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  kernel: z.string(),
  cpuModel: z.string(),
  cores: count,
  memoryBytes: count,
  openFilesLimit: count.nullable(),
  congestionControl: z.string().nullable(),
  pinned: z.boolean().describe('whether processes were pinned to cores'),
  libraries: z.record(z.string(), z.string()),
  gitCommit: z.string().nullable().describe('with a plus sign where the tree differs from it'),
  // What follows came later: records without it stay readable.
  governor: z.string().nullable().optional().describe('of the first core: what decides its frequency'),
  clockSource: z.string().nullable().optional(),
  clockResolutionNs: z.number().optional().describe('the smallest step seen between two readings'),
  virtualisation: z.string().nullable().optional().describe('none, or the kind of machine or container'),
  cgroup: z
    .strictObject({ cpuCores: z.number().nullable(), memoryBytes: count.nullable() })
    .optional()
    .describe('limits of the control group, null where there is none'),
  load: z.array(z.number()).optional().describe('load averages of 1, 5 and 15 minutes at the start'),
  stealShare: z.number().nullable().optional().describe('of the time since boot, taken by the hypervisor'),
  irqTimeAccounting: z.boolean().nullable().optional().describe('whether interrupts are kept out of process times'),
  sysctls: z.record(z.string(), z.string()).optional().describe('settings of the network that change the figures'),
});

export const runRecord = z.strictObject({
  schemaVersion: z.literal(schemaVersion),
  name: z.string(),
  version: z.string().describe('of polling-vs-websocket'),
  status: z.enum(['running', 'completed', 'interrupted']),
  profile: z.string(),
  command: z.array(z.string()),
  seed: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  plan: z.strictObject({
    transports: z.array(transport),
    rttMs: z.number(),
    network: z.enum(['loopback', 'isolated']),
    jitterMs: z.number(),
    bandwidthBitsPerSecond: z.number().nullable(),
    lossShare: z.number(),
    scenarios: z.array(plannedScenario),
    trials: count,
    routes: z.array(route).optional().describe('the first is the one that verdicts are about; absent: direct alone'),
    aa: z.boolean().optional().describe('the one transport runs against itself, as arms A and B of each block'),
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
export type TimelinePiece = z.infer<typeof timelinePiece>;
export type CompletedTrial = z.infer<typeof completedTrial>;
export type FailedTrial = z.infer<typeof failedTrial>;
export type TrialRecord = z.infer<typeof trialRecord>;
export type RunRecord = z.infer<typeof runRecord>;
export type NoiseRecord = z.infer<typeof noise>;
export type EnvironmentRecord = z.infer<typeof environmentRecord>;
export type PlannedScenario = z.infer<typeof plannedScenario>;
export type ProcessFigures = z.infer<typeof processFigures>;

/** A run as it lies on disk: what was planned and every trial that has ended so far. */
export type Run = { readonly record: RunRecord; readonly trials: readonly TrialRecord[] };
