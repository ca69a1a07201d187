import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRecorder, mergeRecorded } from '../../machine/process/recorder.ts';
import type { CompletedTrial, Histogram, ProcessFigures } from '../../results/schema/schema.ts';
import { emptyHistogram, plainHistogram, plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { trialChecks } from './trial-checks.ts';

const plain = plainTrial();

/** The warnings about the plain trial with some fields changed: severity, code and text. */
function saidOf(altered: Partial<CompletedTrial>): readonly string[] {
  const found = trialChecks.flatMap((check) => check(plainTrial(altered)) ?? []);
  return found.map(({ severity, code, text }) => `${severity} ${code}: ${text}`);
}

function codesOf(altered: Partial<CompletedTrial>): readonly string[] {
  return saidOf(altered).map((said) => said.replace(/:.*/, ''));
}

/** A row: the changed fields, and all warnings that they raise. */
type Row = readonly [altered: Partial<CompletedTrial>, said: readonly string[]];

function holds(rows: readonly Row[]): void {
  for (const [altered, said] of rows) assert.deepEqual(saidOf(altered), said);
}

const { ledger, updates, counts, latency, lateness, window: span, path, bytes } = plain;

test('the plain trial has no warnings', () => {
  assert.deepEqual(saidOf({}), []);
});

test('a ledger that does not balance makes a trial invalid, whatever the fault', () => {
  const broken = (faults: string) => [
    `invalid ledger-broken: The ledger does not balance (${faults}): a fault of the transport or of pvw. Report it.`,
  ];
  holds([
    [{ ledger: { ...ledger, lost: 1_234 } }, broken('1,234 lost')],
    [{ ledger: { ...ledger, duplicated: 1 } }, broken('1 duplicated')],
    [{ ledger: { ...ledger, outOfOrder: 2 } }, broken('2 out of order')],
    [{ ledger: { ...ledger, clientsOutOfBalance: 3 } }, broken('3 clients out of balance')],
    [{ ledger: { ...ledger, received: 19_999, conflated: 1 } }, []],
    [{ ledger: { ...ledger, received: 19_999 } }, broken('expected is not received plus conflated')],
    [{ ledger: { ...ledger, conflated: 1 } }, broken('expected is not received plus conflated')],
    [{ updates: { ...updates, accepted: 1_999 } }, broken('2000 published, 1999 accepted')],
    [{ updates: { ...updates, publishedInputs: 1 } }, broken('1 inputs published, 0 accepted')],
    [{ ledger: { ...ledger, lost: 3, outOfOrder: 2 } }, broken('3 lost, 2 out of order')],
  ]);
});

test('a trial in which no client was to receive an update is invalid, whatever else it counted', () => {
  const idle = (empty: string) => [
    `invalid nothing-happened: ${empty}, so the figures are those of idle connections. Measure longer (--duration), or raise --rate or --clients.`,
  ];
  const none = { intended: 0, published: 0, accepted: 0 };
  const unread = { ...ledger, expected: 0, received: 0 };
  const silent = { ...latency, delivery: emptyHistogram, downlink: emptyHistogram };
  const nothing = { updates: { ...updates, ...none }, ledger: unread, latency: silent };
  const inputs = { intendedInputs: 90, publishedInputs: 90, acceptedInputs: 90 };
  holds([
    [nothing, idle('The window had no update')],
    // Inputs reach no client.
    [{ ...nothing, updates: { ...updates, ...none, ...inputs } }, idle('The window had no update')],
    [{ ledger: unread, latency: silent }, idle('No client was to receive any of the 2,000 updates')],
  ]);
  const one = {
    updates: { ...updates, intended: 1, published: 1, accepted: 1 },
    ledger: { ...ledger, expected: 1, received: 1 },
  };
  assert.deepEqual(codesOf(one), ['caution few-updates']);
  // Expected and never delivered is a loss, and was counted as one.
  const lost = { ...unread, expected: 20_000, lost: 20_000 };
  assert.deepEqual(codesOf({ ledger: lost, latency: silent }), ['invalid ledger-broken']);
  // Wanted, but never accepted.
  const missed = { ...nothing, updates: { ...updates, published: 0, accepted: 0 } };
  assert.deepEqual(codesOf(missed), ['invalid nothing-happened', 'invalid rate-missed']);
});

function busy(role: ProcessFigures['role'], eventLoopUtilization: number, name = 'it'): ProcessFigures {
  return plainProcess({ role, name, eventLoopUtilization });
}

/** A process that used this share of core 0 in the window of 30 s. */
function using(role: ProcessFigures['role'], share: number, name: string = role): ProcessFigures {
  return plainProcess({ role, name, core: 0, cpuWindowMs: share * 30_000 });
}

test('a core that an instrument fills invalidates a trial, whatever event loops say', () => {
  for (const role of ['load', 'relay', 'source', 'backplane'] as const) {
    holds([
      [{ processes: [using(role, 0.92)] }, []],
      [{ processes: [{ ...using(role, 0.5), eventLoopUtilization: 0.99 }] }, []],
      [
        { processes: [using(role, 0.934)] },
        [
          `invalid saturated: The core of ${role} was 93% busy: the instrument was the limit. Use fewer clients or a lower rate.`,
        ],
      ],
    ]);
  }
});

test('processes that share a full core are named together', () => {
  const [said] = saidOf({ processes: [using('load', 0.6, 'a'), using('source', 0.2, 'b'), using('relay', 0.15, 'c')] });
  assert.match(said!, /The core of a, b, c was 95% busy/);
});

test('an event loop of a server above 90% is a caution, and the busiest is named', () => {
  for (const role of ['server', 'proxy'] as const) {
    holds([
      [{ processes: [busy(role, 0.9)] }, []],
      [
        { processes: [busy(role, 0.912)] },
        ["caution saturated: it was 91% busy: latency is that of a queue. Lower the rate to see the transport's."],
      ],
    ]);
  }
  const [ofServers] = saidOf({ processes: [busy('server', 0.97, 'a'), busy('proxy', 0.92, 'b')] });
  assert.match(ofServers!, /a was 97% busy/);
});

const late = (p90Ms: number) => plainHistogram({ count: 1, p90Ms, p50Ms: 99, p99Ms: 99, maxMs: 99 });

test('updates published later than a tenth of the median latency make a trial invalid', () => {
  const numbers = '1.01 ms at the 90th percentile, delivery takes 10.0 ms';
  holds([
    [{ lateness: { ...lateness, source: late(1) } }, []],
    [
      { lateness: { ...lateness, source: late(1.01) } },
      [
        `invalid source-late: Updates left late (${numbers}). Free the machine, lower the rate or give a round-trip time (--rtt).`,
      ],
    ],
    // `--via` refuses --rtt.
    [
      { lateness: { ...lateness, source: late(1.01) }, path: { ...path, via: 'http://127.0.0.1:8080' } },
      [`invalid source-late: Updates left late (${numbers}). Free the machine or lower the rate.`],
    ],
    [
      { lateness: { ...lateness, source: late(1.01) }, path: { ...path, rttMs: 1 } },
      [`invalid source-late: Updates left late (${numbers}). Free the machine or lower the rate.`],
    ],
  ]);
});

test('lateness is that of the publishing side; inputs are in no latency', () => {
  const uplink = plainHistogram({ count: 1, p50Ms: 1 });
  const ofClients = { latency: { ...latency, uplink } };
  assert.deepEqual(codesOf({ ...ofClients, lateness: { ...lateness, publish: late(1.01) } }), ['invalid source-late']);
  assert.deepEqual(codesOf({ ...ofClients, lateness: { ...lateness, source: late(1.01) } }), []);
  assert.deepEqual(codesOf({ lateness: { ...lateness, publish: late(1.01) } }), []);
});

test('a relay that passes bytes on late is a caution', () => {
  holds([
    [{ lateness: { ...lateness, relay: late(1) } }, []],
    [
      { lateness: { ...lateness, relay: late(1.01) } },
      [
        'caution relay-late: The relay passed bytes on late (1.01 ms at the 90th percentile, delivery takes 10.0 ms). Free the machine or lower the rate.',
      ],
    ],
  ]);
});

test('without deliveries, lateness and clocks raise no warning', () => {
  const nothing = { latency: { ...latency, delivery: emptyHistogram }, clockUncertaintyUs: 1 };
  assert.deepEqual(codesOf({ ...nothing, lateness: { ...lateness, source: late(1), relay: late(1) } }), []);
});

test('less than 99% of the intended updates or inputs is another load', () => {
  const published = (count: number) => ({ ...updates, published: count, accepted: count });
  const inputs = (count: number) => ({
    ...updates,
    intendedInputs: 1_000,
    publishedInputs: count,
    acceptedInputs: count,
  });
  holds([
    [{ updates: published(1_980) }, []],
    [
      { updates: published(1_979) },
      ['invalid rate-missed: Only 1979 of 2000 updates were published. Use fewer clients or a lower rate.'],
    ],
    [{ updates: inputs(990) }, []],
    [
      { updates: inputs(989) },
      ['invalid rate-missed: Only 989 of 1000 inputs were published. Use fewer clients or a lower rate.'],
    ],
  ]);
});

test('more than 1% of skipped polls makes polling cheaper and staler', () => {
  const skipped = (skippedPolls: number) => ({ ...counts, intendedPolls: 1_000, skippedPolls });
  holds([
    [{ counts: skipped(10) }, []],
    [
      { counts: skipped(11) },
      ['caution polls-skipped: 1.1% of the polls were due before the last was answered. Poll less often.'],
    ],
  ]);
});

/** These quantiles allow any mean between 6.06 and 16.14 ms, plus 0.2% on either side. */
const spread: Histogram = plainHistogram({ count: 1_000, p50Ms: 10, p90Ms: 20, p99Ms: 30, maxMs: 40 });
const equal: Histogram = plainHistogram({ count: 1_000, meanMs: 10, p50Ms: 10, p90Ms: 10, p99Ms: 10, maxMs: 10 });

function isPossible(delivery: Histogram): boolean {
  const codes = codesOf({ latency: { ...latency, delivery } });
  assert.ok(codes.length === 0 || codes.join() === 'invalid contradiction', codes.join());
  return codes.length === 0;
}

test('a mean outside of what the percentiles allow is a contradiction', () => {
  const means = [6.047, 6.048, 10, 16.172, 16.173];
  assert.deepEqual(
    means.map((meanMs) => isPossible({ ...spread, meanMs })),
    [false, true, true, true, false],
  );
  // A percentile can be off by one value.
  assert.ok(isPossible({ ...spread, count: 10, meanMs: 2.1 }));
  assert.ok(!isPossible({ ...spread, count: 10, meanMs: 2 }));
  assert.ok(isPossible({ ...spread, count: 10, meanMs: 20.1 }));
  assert.ok(!isPossible({ ...spread, count: 10, meanMs: 20.2 }));
});

test('a mean above the maximum by more than 0.1% is a contradiction', () => {
  assert.ok(isPossible({ ...equal, meanMs: 10.0095 }));
  assert.ok(!isPossible({ ...equal, meanMs: 10.0105 }));
});

test('percentiles that are out of order are a contradiction', () => {
  assert.ok(isPossible(equal));
  assert.ok(!isPossible({ ...equal, p50Ms: 10.001 }));
  assert.ok(!isPossible({ ...equal, p90Ms: 10.001 }));
  assert.ok(isPossible({ ...equal, p99Ms: 10.009 }));
  assert.ok(!isPossible({ ...equal, p99Ms: 10.011 }));
});

test('an empty distribution raises no warning, whatever its figures are', () => {
  assert.ok(isPossible({ ...spread, count: 0, meanMs: 1e9 }));
});

test('the text of a contradiction', () => {
  assert.deepEqual(saidOf({ latency: { ...latency, delivery: { ...spread, meanMs: 50 } } }), [
    'invalid contradiction: A mean latency of 50.0 ms is impossible with these percentiles: a fault of pvw. Report it.',
  ]);
});

test('no real distribution contradicts itself', () => {
  const sample = fc.oneof(fc.integer({ min: 30_000, max: 40_000 }), fc.integer({ min: 1_000, max: 5_000_000 }));
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 300 }), (samplesUs) => {
      const recorder = createRecorder();
      for (const us of samplesUs) recorder.record(us);
      const histogram = mergeRecorded([recorder.encoded()]);
      const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1_000;
      const quantiles = { p50Ms: at(50), p90Ms: at(90), p99Ms: at(99), maxMs: histogram.maxValue / 1_000 };
      const meanMs = samplesUs.reduce((sum, us) => sum + us, 0) / samplesUs.length / 1_000;
      assert.ok(isPossible(plainHistogram({ count: samplesUs.length, meanMs, ...quantiles })));
    }),
    { numRuns: 60 },
  );
});

test("Little's law: 20,000 deliveries × 10 ms were under way, give or take 0.2% and a microsecond each", () => {
  const judged = [199_579, 199_580, 200_000, 200_420, 200_421].map((outstandingMs) => codesOf({ outstandingMs }));
  const wrong = ['invalid littles-law'];
  assert.deepEqual(judged, [wrong, [], [], [], wrong]);
  assert.deepEqual(saidOf({ outstandingMs: 300_000 }), [
    "invalid littles-law: Little's law does not hold (300 s under way, deliveries × mean 200 s): a fault of the server or of pvw. Report it.",
  ]);
});

test('clocks that disagree by more than a tenth of the median latency make a trial invalid', () => {
  holds([
    [{ clockUncertaintyUs: 1_000 }, []],
    [{ clockUncertaintyUs: null }, []],
    [
      { clockUncertaintyUs: 1_010 },
      [
        'invalid clock-uncertain: The clocks of the cores disagree (±1.01 ms, delivery takes 10.0 ms). Free the machine or give a round-trip time (--rtt).',
      ],
    ],
    [
      { clockUncertaintyUs: 1_010, path: { ...path, via: 'http://127.0.0.1:8080' } },
      [
        'invalid clock-uncertain: The clocks of the cores disagree (±1.01 ms, delivery takes 10.0 ms). Free the machine.',
      ],
    ],
  ]);
});

test('bytes counted at three places must not differ', () => {
  const { whole } = bytes;
  const counted = (altered: Partial<typeof whole>) => ({ bytes: { ...bytes, whole: { ...whole, ...altered } } });
  const relayed = { relayDownBytes: whole.clientReadBytes, relayUpBytes: whole.clientWrittenBytes };
  assert.deepEqual(codesOf(counted(relayed)), []);
  for (const name of ['clientReadBytes', 'serverWrittenBytes', 'relayDownBytes'] as const) {
    // Of 2,483,000 bytes a thousandth is 2,483.
    const differing = (by: number) => codesOf(counted({ ...relayed, [name]: whole.clientReadBytes - by }));
    assert.deepEqual(differing(1), ['caution bytes-disagree'], name);
    assert.deepEqual(differing(2_483), ['caution bytes-disagree'], name);
    assert.deepEqual(differing(2_484), ['invalid bytes-disagree'], name);
  }
  for (const name of ['clientWrittenBytes', 'serverReadBytes', 'relayUpBytes'] as const) {
    const differing = (by: number) => codesOf(counted({ ...relayed, [name]: whole.clientWrittenBytes - by }));
    assert.deepEqual(differing(3), ['caution bytes-disagree'], name);
    assert.deepEqual(differing(4), ['invalid bytes-disagree'], name);
  }
  const none = Object.fromEntries(Object.keys(whole).map((name) => [name, 0]));
  assert.deepEqual(codesOf(counted(none)), []);
  assert.match(saidOf(counted({ ...none, clientReadBytes: 1 }))[0]!, /differ by 100%:/);
  assert.deepEqual(saidOf(counted({ serverReadBytes: 2_700 })), [
    'invalid bytes-disagree: Clients, relay and server counted bytes that differ by 10%: a fault of pvw. Report it.',
  ]);
});

const route: NonNullable<CompletedTrial['path']['route']> = {
  name: 'nginx',
  tls: null,
  http: 1,
  proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null },
  nodes: 1,
  headers: 'minimal',
  cookieBytes: 0,
  compression: null,
};
const proxied = { ...path, route };
const unproxied = { ...path, route: { ...route, proxy: null } };
const behindOwn = { ...path, via: 'http://127.0.0.1:8080' };

test('behind a proxy servers count its connections, not those of the clients', () => {
  const whole = { ...bytes.whole, serverReadBytes: 1, serverWrittenBytes: 1 };
  const altered = { bytes: { ...bytes, whole } };
  assert.deepEqual(codesOf({ ...altered, path: proxied }), []);
  assert.deepEqual(codesOf({ ...altered, path: behindOwn }), []);
  assert.deepEqual(codesOf({ ...altered, path: unproxied }), ['invalid bytes-disagree']);
});

test('unexplained answers raise a warning that names their likely origin', () => {
  const errors = { counts: { ...counts, errors: 1 } };
  const said = (whose: string) => [
    `caution unexplained-answers: 1 answers are none that the contract knows: ${whose}.`,
  ];
  const own = said('a fault of the server or of pvw');
  const proxys = said("the proxy's own, such as 502 and 504");
  holds([
    [errors, own],
    [{ ...errors, path: unproxied }, own],
    [{ ...errors, path: proxied }, proxys],
    [{ ...errors, path: behindOwn }, proxys],
  ]);
});

const quiet: NonNullable<CompletedTrial['noise']> = {
  stealShare: 0.01,
  strangerShare: 0.1,
  throttledMs: 0,
  spins: [
    { core: 0, fastestUs: 400, slowdown: 1.5 },
    { core: 1, fastestUs: 400, slowdown: 1.1 },
  ],
};

test('each sign of a noisy machine is reported above its threshold', () => {
  const noisy = (signs: string) => [
    `caution noisy: The machine was noisy: ${signs}. End what else runs, and measure again.`,
  ];
  const slow = (slowdown: number) => [{ core: 1, fastestUs: 400, slowdown }, ...quiet.spins];
  holds([
    [{ noise: quiet }, []],
    [{ noise: { stealShare: null, strangerShare: null, throttledMs: null, spins: [] } }, []],
    [{ noise: { ...quiet, strangerShare: 0.101 } }, noisy('others used 10% of its cores')],
    [{ noise: { ...quiet, stealShare: 0.011 } }, noisy('the hypervisor took 1.1%')],
    [{ noise: { ...quiet, throttledMs: 0.5 } }, noisy('its control group was stopped for 500 µs')],
    [{ noise: { ...quiet, spins: slow(1.51) } }, noisy('the same work took 1.5 times its fastest')],
    [
      { noise: { stealShare: 0.5, strangerShare: 0.25, throttledMs: 3, spins: slow(2) } },
      noisy(
        'others used 25% of its cores, the hypervisor took 50%, its control group was stopped for 3.00 ms, the same work took 2.0 times its fastest',
      ),
    ],
  ]);
});

test('a short warm-up leaves compiling in the CPU figures', () => {
  const cold = (why: string) => [`caution cold: ${why}: CPU figures hold compiling. Give --warmup 5s or more.`];
  holds([
    [{ window: { ...span, warmupMs: 4_999 } }, cold('A warm-up of 5.00 s is short')],
    [{ window: { ...span, warmupMs: 1_000, warmupOperations: 1 } }, cold('A warm-up of 1.00 s is short')],
    [{ window: { ...span, warmupOperations: 9_999 } }, cold('The warm-up had fewer than 10,000 operations')],
  ]);
});

test('with fewer than a thousand updates p99 is weak', () => {
  const few = (count: number) => ({ updates: { ...updates, intended: count, published: count, accepted: count } });
  holds([
    [few(1_000), []],
    [few(999), ['caution few-updates: 999 updates: p99 rests on fewer than ten. Measure longer (--duration).']],
  ]);
});

test('the checks of cores, packets and servers are included', () => {
  const sharing = [
    plainProcess({ role: 'server', core: 1, cpuWindowMs: 20_000 }),
    plainProcess({ role: 'proxy', core: 1, cpuWindowMs: 20_000 }),
  ];
  assert.deepEqual(codesOf({ processes: sharing }), ['caution core-full']);
  assert.deepEqual(codesOf({ clientsSeenByServer: [1, 0] }), ['caution server-unreached']);
  const one = { packets: 100, frameBytes: 1, headerBytes: 1, computedHeaderBytes: 2, lostPackets: 0 };
  const stage = (retransmittedSegments: number) => {
    const direction = { ...one, retransmittedSegments };
    return { down: direction, up: direction };
  };
  const packets = { window: stage(50), setUp: stage(0) };
  assert.deepEqual(codesOf({ bytes: { ...bytes, packets } }), ['caution packets-disagree', 'caution packets-lost']);
});
