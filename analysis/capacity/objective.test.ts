import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CompletedTrial, ProcessFigures } from '../../results/schema/schema.ts';
import { plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { histogramOf } from '../../testing/synthetic/synthetic-histogram.ts';
import { decided, glanced, goalOf, type LoadWindow, leastUpdates, windowMsOf, windowOf } from './objective.ts';

const p99 = { quantile: 0.99, limitMs: 250 };

test('299 updates can show that fewer than 1% are late, 59 that fewer than 5% are', () => {
  assert.deepEqual(
    [0.5, 0.9, 0.95, 0.99, 0.999].map((quantile) => leastUpdates({ ...p99, quantile })),
    [5, 29, 59, 299, 2995],
  );
});

test('a window lasts a second, or until 100 updates have come', () => {
  assert.deepEqual(
    [10_000, 100, 99, 10, 3].map((updates) => windowMsOf(p99, updates)),
    [1000, 1000, 1100, 10_000, 33_400],
  );
  assert.equal(windowMsOf({ ...p99, quantile: 0.95 }, 10), 2000);
});

test('an odd number of windows decides: 21 s at least, and 299 updates', () => {
  const windows = (updates: number) => {
    const { durationSumSeconds, finalDurationSeconds } = goalOf(p99, updates);
    return Math.round(durationSumSeconds / finalDurationSeconds);
  };
  assert.deepEqual([10_000, 100, 50, 10, 1].map(windows), [21, 21, 11, 3, 3]);
  for (let updates = 0.5; updates < 5000; updates *= 1.3) {
    const { durationSumSeconds } = goalOf(p99, updates);
    assert.equal(windows(updates) % 2, 1);
    assert.ok(durationSumSeconds >= 21 - 1e-9 && durationSumSeconds * updates >= 299 - 1e-6, String(updates));
  }
});

function window(given: Partial<LoadWindow>): LoadWindow {
  return {
    atMs: 0,
    durationSeconds: 1,
    lossRatio: 0,
    updates: 100,
    latencyMs: 10,
    serverShare: 0.5,
    loadShare: 0.5,
    cause: undefined,
    ...given,
  };
}

function windows(good: number, bad: number, given: Partial<LoadWindow> = {}): readonly LoadWindow[] {
  return [
    ...Array.from({ length: good }, () => window(given)),
    ...Array.from({ length: bad }, () => window({ lossRatio: 0.5, cause: 'server' })),
  ];
}

describe('a load', () => {
  test('is carried as soon as the windows that are missing could not change it', () => {
    assert.equal(decided(p99, 100, windows(10, 0)), 'undecided');
    assert.equal(decided(p99, 100, windows(11, 0)), 'lower-bound');
    assert.equal(decided(p99, 100, windows(11, 10)), 'lower-bound');
    assert.equal(decided(p99, 100, windows(0, 10)), 'undecided');
    assert.equal(decided(p99, 100, windows(0, 11)), 'upper-bound');
  });

  test('is not carried before 299 updates, or more if some are late, have shown it', () => {
    const few = { durationSeconds: 10, updates: 99 };
    assert.equal(decided(p99, 10, windows(3, 0, few)), 'undecided');
    assert.equal(decided(p99, 10, windows(4, 0, few)), 'lower-bound');
    // Of 1,100 updates 5 late ones show it, and 6 do not.
    assert.equal(decided(p99, 100, windows(11, 0, { lossRatio: 5 / 1100 })), 'lower-bound');
    assert.equal(decided(p99, 100, windows(11, 0, { lossRatio: 6 / 1100 })), 'undecided');
    // Three times as many windows do not either.
    assert.equal(decided(p99, 100, windows(62, 0, { lossRatio: 0.0099 })), 'undecided');
    assert.equal(decided(p99, 100, windows(63, 0, { lossRatio: 0.0099 })), 'upper-bound');
  });

  test('is looked at coarsely by its first three windows, or by one that is long', () => {
    assert.equal(glanced(p99, 100, windows(1, 0)), 'undecided');
    assert.equal(glanced(p99, 100, windows(2, 0)), 'lower-bound');
    assert.equal(glanced(p99, 100, windows(2, 20)), 'lower-bound');
    assert.equal(glanced(p99, 10, windows(1, 0, { durationSeconds: 10 })), 'lower-bound');
  });
});

describe('a window', () => {
  const cores = (server: number, load: number): readonly ProcessFigures[] => [
    plainProcess({ role: 'server', name: 'server', core: 0, cpuWindowMs: server * 1000 }),
    plainProcess({ role: 'load', core: 1, cpuWindowMs: load * 1000 }),
  ];
  /** Of a second, with so many deliveries late of 1,000. */
  const trialOf = (
    late: number,
    given: Partial<CompletedTrial> = {},
    shares: readonly [number, number] = [0.97, 0.6],
  ) => {
    const delivery = histogramOf([...Array(1000 - late).fill(20), ...Array(late).fill(400)]);
    const plain = plainTrial({ processes: [...cores(...shares)] });
    return {
      ...plain,
      window: { ...plain.window, durationMs: 1000 },
      hostCpuWindowMs: shares[0] * 1000,
      latency: { ...plain.latency, delivery },
      ledger: { ...plain.ledger, received: 1000, expected: 1000, lost: 0 },
      ...given,
    } as CompletedTrial;
  };
  const of = (trial: CompletedTrial) => windowOf(trial, p99, 1000);

  test('is bad if more than 1% of its deliveries are late or lost', () => {
    assert.deepEqual([of(trialOf(10)).cause, of(trialOf(11)).cause], [undefined, 'server']);
    assert.ok(Math.abs(of(trialOf(7)).lossRatio - 0.007) < 1e-12);
    const lost = trialOf(0, { ledger: { ...trialOf(0).ledger, lost: 20 } });
    assert.ok(Math.abs(of(lost).lossRatio - 20 / 1020) < 1e-12);
    assert.equal(of(lost).cause, 'server');
  });

  test('names what was full, the load side before the server', () => {
    assert.equal(of(trialOf(500, {}, [0.5, 0.5])).cause, 'none');
    assert.equal(of(trialOf(500, {}, [0.97, 0.91])).cause, 'load');
    const [server, load] = cores(0.5, 0.5);
    const relay = plainProcess({ role: 'relay', name: 'relay-1', core: 1, cpuWindowMs: 450 });
    assert.equal(of(trialOf(500, { processes: [server!, load!, relay] })).cause, 'relay');
  });

  test('says nothing for the server if the load side was full, though no update was late', () => {
    const full = of(trialOf(0, {}, [0.97, 0.9]));
    assert.deepEqual([full.cause, full.lossRatio], ['load', 1]);
  });

  const stalls = (count: number, ms: number, longestMs: number) => ({
    gapMs: 100,
    gaps: [{ process: 'load-1', count: 1, totalMs: longestMs, longest: [{ fromMs: 10, toMs: 10 + longestMs }] }],
    lateMs: 1,
    lateUpdates: 3,
    undisturbed: histogramOf(Array(count).fill(ms)),
  });

  test('is good if all deliveries are in time, whatever disturbed them', () => {
    const disturbed = of(trialOf(5, { stalls: stalls(10, 400, 200) }));
    assert.deepEqual([disturbed.cause, disturbed.lossRatio], [undefined, 0.005]);
  });

  test('is judged by the deliveries that the instrument left alone, if they are half of all', () => {
    const kept = of(trialOf(400, { stalls: stalls(600, 20, 200) }));
    assert.deepEqual([kept.cause, kept.lossRatio, Math.round(kept.latencyMs!)], [undefined, 0, 20]);
    assert.equal(of(trialOf(400, { stalls: stalls(600, 400, 200) })).cause, 'server');
  });

  test('says nothing about the server if fewer are left, and the instrument stood still for long', () => {
    const gone = of(trialOf(600, { stalls: stalls(400, 20, 26) }));
    assert.deepEqual([gone.cause, gone.latencyMs], ['load', undefined]);
    const short = of(trialOf(600, { stalls: stalls(400, 20, 25) }));
    assert.deepEqual([short.cause, short.lossRatio], ['server', 0.6]);
  });

  test('that failed is bad', () => {
    const { status: _, ...head } = trialOf(0);
    const failed = { ...head, status: 'failed', stage: 'connect', reason: 'no room' } as never;
    assert.deepEqual([windowOf(failed, p99, 2000).cause, windowOf(failed, p99, 2000).durationSeconds], ['failed', 2]);
  });
});
