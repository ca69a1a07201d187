import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cohort } from '../../results/schema/schema.ts';
import { plainAnalysis, plainAssessed, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRecord, plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainHistogram, plainProcess, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { breakEven, type CostPoint, freshnessCosts, type PollingPoint } from './freshness-cost.ts';

/** A cohort of ten clients with this interval: five client minutes in 30 s. */
function cohort(pollIntervalMs: number, altered: Partial<Cohort> = {}): Cohort {
  return {
    pollIntervalMs,
    clients: 10,
    delivery: plainHistogram({ count: 1 }),
    meanStalenessMs: pollIntervalMs / 2,
    staleFraction: 0.5,
    requests: 300_000 / pollIntervalMs,
    down: { encodedUpdateBytes: 1_000, framingBytes: 200 },
    up: { encodedUpdateBytes: 30, framingBytes: 4 },
    ...altered,
  };
}

const polled = (cohorts: Cohort[], cpuWindowMs = 400) =>
  plainTrial({
    transport: 'short-polling',
    cohorts,
    processes: [plainProcess({ role: 'server', cpuWindowMs }), plainProcess({ role: 'load', cpuWindowMs: 9_999 })],
  });

function costsOf(rows: readonly TransportAnalysis[], rttMs = 0) {
  const scenario = { clients: 20, pollCohortsMs: [1_000, 100, 3_000] };
  const link = { ...plainRecord.plan.link, rttMs };
  const run = plainRun([], { plan: { ...plainRecord.plan, link } });
  const analysis = { run, reference: 'short-polling', warnings: [], trialWarnings: [] } as const;
  return freshnessCosts({ ...analysis, scenarios: [plainAnalysis(rows, { scenario })] });
}

const both = [cohort(100), cohort(1_000)];

test('polling is a curve by ascending interval: bytes are of the cohort, CPU by its share of all polls', () => {
  const [cost, ...more] = costsOf([plainRow('short-polling', {}, [polled(both)])]);
  assert.deepEqual(more, []);
  // 1,234 bytes over five client minutes; 3,000 and 300 of 3,300 polls of 400 ms.
  const often = { stalenessMs: 50, bytes: 1_234 / 5, cpu: (400 * 3_000) / 3_300 / 5 };
  const seldom = { stalenessMs: 500, bytes: 1_234 / 5, cpu: (400 * 300) / 3_300 / 5 };
  assert.deepEqual(cost?.polling, [
    { pollIntervalMs: 100, ...often, repeats: [often] },
    { pollIntervalMs: 1_000, ...seldom, repeats: [seldom] },
  ]);
  assert.deepEqual([cost?.others, cost?.isCold], [[], false]);
});

test('a point is the median of its repeats, each beside it', () => {
  const repeats = [300, 100, 200].map((stalenessMs) =>
    polled([cohort(100, { meanStalenessMs: stalenessMs }), cohort(1_000)]),
  );
  const [cost] = costsOf([plainRow('short-polling', {}, repeats)]);
  assert.equal(cost?.polling[0]?.stalenessMs, 200);
  assert.deepEqual(
    cost?.polling[0]?.repeats.map(({ stalenessMs }) => stalenessMs),
    [300, 100, 200],
  );
});

test('a cohort without a delivery or a poll has no reading', () => {
  const silent = cohort(3_000, { delivery: plainHistogram({ count: 0 }) });
  const idle = cohort(3_000, { requests: 0 });
  for (const none of [silent, idle]) {
    const [cost] = costsOf([plainRow('short-polling', {}, [polled([...both, none])])]);
    assert.equal(cost?.polling.length, 2);
  }
  assert.equal(costsOf([plainRow('short-polling', {}, [polled([...both, cohort(3_000)])])])[0]?.polling.length, 3);
});

test('an interval no longer than a round trip is left out', () => {
  const rows = [plainRow('short-polling', {}, [polled([...both, cohort(3_000)])])];
  const intervals = (rttMs: number) => costsOf(rows, rttMs)[0]?.polling.map(({ pollIntervalMs }) => pollIntervalMs);
  assert.deepEqual(intervals(99), [100, 1_000, 3_000]);
  assert.deepEqual(intervals(100), [1_000, 3_000]);
  assert.equal(intervals(1_000), undefined);
});

test('without two intervals there is no curve', () => {
  assert.deepEqual(costsOf([plainRow('short-polling', {}, [polled([cohort(100)])])]), []);
  assert.deepEqual(costsOf([plainRow('sse', {}, [polled(both)])]), []);
});

test('the other transports are points: bytes, CPU and staleness of their trials', () => {
  const pushed = plainTrial({ transport: 'sse', meanStalenessMs: 8, processes: [plainProcess({ role: 'server' })] });
  const [cost] = costsOf([plainRow('short-polling', {}, [polled(both)]), plainRow('sse', {}, [pushed])]);
  // 2,481,000 bytes and 100 ms over 20 clients and half a minute.
  const point = { stalenessMs: 8, bytes: 248_100, cpu: 10 };
  assert.deepEqual(cost?.others, [{ transport: 'sse', ...point, repeats: [point] }]);
  const nothing = plainTrial({ transport: 'sse', ledger: { ...pushed.ledger, received: 0 } });
  const [without] = costsOf([plainRow('short-polling', {}, [polled(both)]), plainRow('sse', {}, [nothing])]);
  assert.deepEqual(without?.others, []);
});

test('one cold trial of any transport marks the CPU as cold', () => {
  const cold = plainTrial({ window: { durationMs: 30_000, warmupMs: 1, warmupOperations: 1, drainMs: 1 } });
  const row = { ...plainRow('sse'), valid: [plainAssessed(plainTrial()), plainAssessed(cold)] };
  assert.equal(costsOf([plainRow('short-polling', {}, [polled(both)]), row])[0]?.isCold, true);
});

function point(stalenessMs: number, bytes: number, cpu = bytes / 100): CostPoint {
  return { stalenessMs, bytes, cpu, repeats: [] };
}

/** 60 kB, 6 kB and 600 B; CPU a hundredth of it. */
const curve: readonly PollingPoint[] = [100, 1_000, 10_000].map((pollIntervalMs) => ({
  pollIntervalMs,
  ...point(pollIntervalMs / 2, 6_000_000 / pollIntervalMs),
}));

test('the break-even is found on the curve, exactly at its points and between them', () => {
  const at = (bytes: number) => {
    const even = breakEven(curve, point(20, bytes), 'bytes');
    return even.kind === 'at'
      ? [even.pollIntervalMs, even.stalenessMs].map((ms) => Number(ms.toPrecision(9)))
      : even.kind;
  };
  assert.deepEqual(at(60_001), 'cheaper');
  assert.deepEqual(at(60_000), [100, 50]);
  assert.deepEqual(at(6_000), [1_000, 500]);
  assert.deepEqual(at(600), [10_000, 5_000]);
  assert.deepEqual(at(599), 'dearer');
  // Halfway on a logarithmic scale.
  assert.deepEqual(
    at(Math.sqrt(60_000 * 6_000)),
    [Math.sqrt(100 * 1_000), Math.sqrt(50 * 500)].map((ms) => Number(ms.toPrecision(9))),
  );
});

test('between two points only these count, whatever the curve did before', () => {
  const bent = [curve[0]!, curve[1]!, { ...curve[2]!, bytes: 3_000 }];
  const found = breakEven(bent, point(20, Math.sqrt(6_000 * 3_000)), 'bytes');
  assert.ok(found.kind === 'at' && Math.abs(found.pollIntervalMs / Math.sqrt(1_000 * 10_000) - 1) < 1e-9);
});

test('each measure has a break-even of its own', () => {
  const found = breakEven(curve, point(20, 1, 60), 'cpu');
  assert.ok(found.kind === 'at' && Math.abs(found.pollIntervalMs - 1_000) < 1e-6);
});

test('a level piece of the curve has no break-even', () => {
  const level = [curve[0]!, { ...curve[0]!, pollIntervalMs: 200 }];
  assert.deepEqual(breakEven(level, point(20, 60_000), 'bytes'), { kind: 'dearer' });
});

test('a curve that rises never comes down to a cost: its shortest interval decides', () => {
  const rising = [100, 200].map((bytes) => ({ ...curve[0]!, bytes }));
  assert.deepEqual(breakEven(rising, point(20, 150), 'bytes'), { kind: 'cheaper' });
});
