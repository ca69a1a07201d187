import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CompletedTrial, ProcessFigures } from '../results/schema.ts';
import { failedFrom, syntheticRun } from '../results/synthetic.ts';
import { histogramOf } from '../results/synthetic-histogram.ts';
import { isRunInvalid, isValidTrial, runWarnings, trialWarnings } from './validity.ts';

// Long enough that every percentile is known.
const { trials } = syntheticRun({ repeats: 1, durationMs: 300_000 });
const polled = trials[0] as CompletedTrial;
const pushed = trials[3] as CompletedTrial;
const game = trials.find(({ scenario }) => scenario === 'online-game') as CompletedTrial;

function codesOf(trial: CompletedTrial): readonly string[] {
  return trialWarnings(trial).map(({ code, severity }) => `${severity} ${code}`);
}

function busy(trial: CompletedTrial, role: ProcessFigures['role']): CompletedTrial {
  const processes = trial.processes.map((each) =>
    each.role === role ? { ...each, eventLoopUtilization: 0.91 } : each,
  );
  return { ...trial, processes };
}

test('good trials have no warnings', () => {
  for (const trial of trials)
    assert.deepEqual(codesOf(trial as CompletedTrial), [], `${trial.scenario} ${trial.transport}`);
});

test('a ledger that does not balance makes a trial invalid, whatever the fault', () => {
  for (const name of ['lost', 'duplicated', 'outOfOrder', 'clientsOutOfBalance'] as const) {
    assert.deepEqual(codesOf({ ...pushed, ledger: { ...pushed.ledger, [name]: 1 } }), ['invalid ledger-broken'], name);
  }
  const silent = { ...pushed.ledger, received: pushed.ledger.received - 1 };
  assert.deepEqual(codesOf({ ...pushed, ledger: silent }), ['invalid ledger-broken']);
  const refused = { ...pushed.updates, accepted: pushed.updates.accepted - 1 };
  assert.deepEqual(codesOf({ ...pushed, updates: refused }), ['invalid ledger-broken']);
  const [warning] = trialWarnings({ ...pushed, ledger: { ...pushed.ledger, lost: 3, outOfOrder: 2 } });
  assert.match(warning!.text, /3 lost, 2 out of order/);
});

test('a saturated instrument makes a trial invalid, a saturated server is something to know', () => {
  for (const role of ['load', 'relay', 'source'] as const) {
    assert.deepEqual(codesOf(busy(pushed, role)), ['invalid saturated'], role);
  }
  assert.deepEqual(codesOf(busy(pushed, 'server')), ['caution saturated']);
});

test('updates that leave late make a trial invalid; inputs do not count', () => {
  const late = histogramOf([game.latency.delivery.p50Ms * 0.11]);
  assert.deepEqual(codesOf({ ...pushed, lateness: { ...pushed.lateness, publish: late } }), ['invalid source-late']);
  assert.deepEqual(codesOf({ ...game, lateness: { ...game.lateness, source: late } }), ['invalid source-late']);
  assert.deepEqual(codesOf({ ...game, lateness: { ...game.lateness, publish: late } }), []);
});

test('a relay that passes on late is something to know', () => {
  const late = histogramOf([pushed.latency.delivery.p50Ms * 0.11]);
  assert.deepEqual(codesOf({ ...pushed, lateness: { ...pushed.lateness, relay: late } }), ['caution relay-late']);
});

test('a missed rate makes a trial invalid', () => {
  const missed = (published: number) => ({ ...pushed.updates, intended: 1_000, published, accepted: published });
  assert.deepEqual(codesOf({ ...pushed, updates: missed(990) }), ['caution few-updates']);
  assert.deepEqual(codesOf({ ...pushed, updates: missed(989) }), ['invalid rate-missed', 'caution few-updates']);
  const inputs = { ...game.updates, publishedInputs: 1, acceptedInputs: 1 };
  assert.deepEqual(codesOf({ ...game, updates: inputs }), ['invalid rate-missed']);
});

test('bytes that the two ends count differently are a fault', () => {
  const { bytes } = pushed;
  const counted = (serverReadBytes: number) => ({ ...bytes, whole: { ...bytes.whole, serverReadBytes } });
  const { clientWrittenBytes } = bytes.whole;
  assert.deepEqual(codesOf({ ...pushed, bytes: counted(clientWrittenBytes - 1) }), ['caution bytes-disagree']);
  assert.deepEqual(codesOf({ ...pushed, bytes: counted(clientWrittenBytes * 1.01) }), ['invalid bytes-disagree']);
});

test('skipped polls, unexplained answers and a short warm-up are said', () => {
  const counts = { ...polled.counts, intendedPolls: 1_000, skippedPolls: 11 };
  assert.deepEqual(codesOf({ ...polled, counts }), ['caution polls-skipped']);
  assert.deepEqual(codesOf({ ...polled, counts: { ...counts, skippedPolls: 10 } }), []);
  assert.deepEqual(codesOf({ ...polled, counts: { ...polled.counts, errors: 1 } }), ['caution unexplained-answers']);
  assert.deepEqual(codesOf({ ...polled, window: { ...polled.window, warmupMs: 1_000 } }), ['caution cold']);
  assert.deepEqual(codesOf({ ...polled, window: { ...polled.window, warmupOperations: 9_999 } }), ['caution cold']);
});

test('with fewer than a thousand updates p99 is weak', () => {
  const few = { ...pushed.updates, intended: 999, published: 999, accepted: 999 };
  assert.deepEqual(codesOf({ ...pushed, updates: few }), ['caution few-updates']);
  assert.ok(isValidTrial({ ...pushed, updates: few }));
});

test('a mean outside of what the percentiles allow is a contradiction', () => {
  const delivery = pushed.latency.delivery;
  for (const meanMs of [delivery.p50Ms * 0.3, delivery.maxMs * 1.1]) {
    const latency = { ...pushed.latency, delivery: { ...delivery, meanMs } };
    const outstandingMs = pushed.ledger.received * meanMs;
    assert.deepEqual(codesOf({ ...pushed, latency, outstandingMs }), ['invalid contradiction']);
  }
  const disordered = { ...delivery, p99Ms: delivery.p90Ms / 2 };
  assert.deepEqual(codesOf({ ...pushed, latency: { ...pushed.latency, delivery: disordered } }), [
    'invalid contradiction',
  ]);
});

test('no real distribution contradicts itself', () => {
  const sample = fc.oneof(fc.double({ min: 30, max: 40, noNaN: true }), fc.double({ min: 1, max: 5_000, noNaN: true }));
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 300 }), (samples) => {
      const late = { ...pushed.lateness, publish: histogramOf([]), relay: histogramOf([]) };
      const latency = { ...pushed.latency, delivery: histogramOf(samples) };
      const outstandingMs = pushed.ledger.received * latency.delivery.meanMs;
      assert.deepEqual(codesOf({ ...pushed, latency, lateness: late, outstandingMs }), []);
    }),
    { numRuns: 200 },
  );
});

test("Little's law is held against what was under way; records without it are not judged", () => {
  const product = pushed.ledger.received * pushed.latency.delivery.meanMs;
  for (const factor of [0.99, 1.01]) {
    assert.deepEqual(codesOf({ ...pushed, outstandingMs: product * factor }), ['invalid littles-law']);
  }
  assert.deepEqual(codesOf({ ...pushed, outstandingMs: product * 1.0015 }), []);
  const { outstandingMs: _, ...earlier } = pushed;
  assert.deepEqual(codesOf(earlier), []);
});

test('clocks that disagree by a tenth of what is measured make a trial invalid', () => {
  const tenthUs = pushed.latency.delivery.p50Ms * 100;
  assert.deepEqual(codesOf({ ...pushed, clockUncertaintyUs: tenthUs * 1.01 }), ['invalid clock-uncertain']);
  assert.deepEqual(codesOf({ ...pushed, clockUncertaintyUs: tenthUs * 0.99 }), []);
  assert.deepEqual(codesOf({ ...pushed, clockUncertaintyUs: null }), []);
});

test('each sign of a noisy machine is named, and silence of the system is none', () => {
  const quiet = pushed.noise!;
  const spin = { core: 1, fastestUs: 400, slowdown: 1.51 };
  const signs: readonly (readonly [Partial<typeof quiet>, RegExp])[] = [
    [{ strangerShare: 0.11 }, /others used 11% of its cores/],
    [{ stealShare: 0.011 }, /the hypervisor took 1\.1%/],
    [{ throttledMs: 3 }, /its control group was stopped for 3\.00 ms/],
    [{ spins: [...quiet.spins, spin] }, /the same work took 1\.5 times its fastest/],
  ];
  for (const [change, text] of signs) {
    const trial: CompletedTrial = { ...pushed, noise: { ...quiet, ...change } };
    assert.deepEqual(codesOf(trial), ['caution noisy']);
    assert.match(trialWarnings(trial)[0]!.text, text);
  }
  const unknown = { stealShare: null, strangerShare: null, throttledMs: null, spins: [] };
  assert.deepEqual(codesOf({ ...pushed, noise: unknown }), []);
});

test('a run says how it ended and what in it failed', () => {
  const codes = (run: Parameters<typeof runWarnings>[0]) => runWarnings(run).map(({ code }) => code);
  assert.deepEqual(codes(syntheticRun()), []);
  assert.deepEqual(codes(syntheticRun({ status: 'interrupted', ended: 2 })), ['interrupted']);
  assert.deepEqual(codes(syntheticRun({ status: 'running', ended: 2 })), ['running']);
  const troubled = syntheticRun({
    alter: (trial, index) => {
      if (index === 0) return failedFrom(trial, 'connect', 'no more descriptors');
      return index === 1 ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
    },
  });
  assert.deepEqual(codes(troubled), ['failed-trials', 'invalid-trials']);
  assert.ok(isRunInvalid(troubled));
  assert.ok(!isRunInvalid(syntheticRun({ status: 'interrupted', ended: 2 })));
});

test('every warning says what to do, in one line', () => {
  const broken = busy(
    { ...polled, ledger: { ...polled.ledger, lost: 1 }, updates: { ...polled.updates, intended: 1e6 } },
    'load',
  );
  for (const { text } of trialWarnings(broken)) assert.match(text, /^[^\n]+[.]$/);
  assert.equal(trialWarnings(broken).length, 3);
});
