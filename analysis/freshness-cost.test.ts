import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntheticRun } from '../results/synthetic.ts';
import { syntheticDashboard, syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { breakEven, type CostPoint, freshnessCosts, type PollingPoint } from './freshness-cost.ts';
import { costSentence } from './freshness-verdict.ts';
import { pollingTheory } from './polling-theory.ts';
import { analyseRun } from './run-analysis.ts';

function costOf(repeats = 1) {
  return freshnessCosts(analyseRun(syntheticRun({ scenarios: [syntheticDashboard], repeats })))[0]!;
}

function point(stalenessMs: number, bytes: number): CostPoint {
  return { stalenessMs, bytes, cpu: bytes / 100, repeats: [] };
}

const polling: readonly PollingPoint[] = [100, 1_000, 10_000].map((pollIntervalMs) => ({
  pollIntervalMs,
  ...point(pollIntervalMs / 2, 6_000_000 / pollIntervalMs),
}));

test('a run without cohorts has no such picture', () => {
  assert.deepEqual(freshnessCosts(analyseRun(syntheticRun({ scenarios: syntheticScenarios }))), []);
});

test('clients that poll at several intervals are compared with nobody as one', () => {
  const { scenarios } = analyseRun(syntheticRun({ scenarios: [syntheticDashboard], repeats: 3 }));
  const against = scenarios[0]!.comparisons.filter(({ transport, reference }) =>
    [transport, reference].includes('short-polling'),
  );
  assert.ok(against.length > 0 && against.every(({ outcome }) => outcome === 'too-few'));
  assert.ok(scenarios[0]!.comparisons.some(({ outcome }) => outcome !== 'too-few'));
});

test('an interval that no client can keep over such a round trip is left out', () => {
  const { polling: curve } = freshnessCosts(
    analyseRun(syntheticRun({ scenarios: [syntheticDashboard], repeats: 1, rttMs: 200 })),
  )[0]!;
  assert.equal(curve[0]!.pollIntervalMs, 500);
});

test('polling is a curve by interval, the others are points', () => {
  const { polling: curve, others } = costOf(3);
  assert.deepEqual(
    curve.map(({ pollIntervalMs }) => pollIntervalMs),
    syntheticDashboard.pollCohortsMs,
  );
  assert.deepEqual(
    others.map(({ transport }) => transport),
    ['long-polling', 'sse', 'websocket'],
  );
  assert.ok(curve.every(({ repeats }) => repeats.length === 3));
  // Ten times as often costs ten times the bytes of asking.
  assert.ok(curve[0]!.bytes > 5 * curve[3]!.bytes);
});

test('the CPU of the server is divided over the cohorts and nothing of it is lost', () => {
  const run = syntheticRun({ scenarios: [syntheticDashboard], repeats: 1 });
  const { polling: curve } = freshnessCosts(analyseRun(run))[0]!;
  const trial = run.trials.find(({ transport }) => transport === 'short-polling');
  assert.ok(trial?.status === 'completed');
  const minutes = trial.window.durationMs / 60_000;
  const charged = curve.reduce((sum, { cpu }, place) => sum + cpu * trial.cohorts[place]!.clients * minutes, 0);
  const used = trial.processes.find(({ role }) => role === 'server')!.cpuWindowMs;
  assert.ok(Math.abs(charged / used - 1) < 1e-9);
});

test('the break-even is found on the curve, exactly at its points and between them', () => {
  assert.deepEqual(breakEven(polling, point(20, 1e6), 'bytes'), { kind: 'cheaper' });
  assert.deepEqual(breakEven(polling, point(20, 10), 'bytes'), { kind: 'dearer' });
  const at = breakEven(polling, point(20, 6_000), 'bytes');
  assert.ok(at.kind === 'at' && Math.abs(at.pollIntervalMs - 1_000) < 1e-6 && Math.abs(at.stalenessMs - 500) < 1e-6);
  const between = breakEven(polling, point(20, 6_000_000 / 316.227766), 'bytes');
  assert.ok(between.kind === 'at' && Math.abs(between.pollIntervalMs - 316.2) < 0.1);
});

test('the sentence says where polling is the right choice', () => {
  const cost = { planned: costOf().planned, polling, others: [], isCold: false };
  const sentence = (stalenessMs: number, bytes: number) =>
    costSentence(cost, { transport: 'websocket', ...point(stalenessMs, bytes) }, 'bytes');
  assert.match(
    sentence(20, 6_000),
    /cheaper while polls are less than 1\.0 s apart.*500 ms behind.*pays fewer bytes by polling/,
  );
  assert.match(sentence(20, 10), /fresher and cheaper than polling at every interval measured, up to 10 s/);
  assert.match(sentence(20, 1e6), /takes more bytes than polling at any interval measured, from 100 ms on/);
  // Fresher than the most frequent poll it is not: then it does not say so.
  assert.doesNotMatch(sentence(60, 6_000), /fresher/);
});

test('theory follows bytes that obey it, and is silent about other workloads', () => {
  const { planned } = costOf();
  const [c0, c1, perMs] = [200, 300, 0.5 / 1000];
  const exact = syntheticDashboard.pollCohortsMs!.map((pollIntervalMs) => {
    const polls = 60_000 / pollIntervalMs;
    return {
      pollIntervalMs,
      ...point(pollIntervalMs / 2 + 20, polls * (c0 + c1 * (1 - Math.exp(-perMs * pollIntervalMs)))),
    };
  });
  const theory = pollingTheory(planned, exact, 40)!;
  for (const { pollIntervalMs, bytes, stalenessMs } of exact) {
    const same = theory.find((each) => Math.abs(each.pollIntervalMs / pollIntervalMs - 1) < 1e-9)!;
    assert.ok(Math.abs(same.bytes / bytes - 1) < 1e-9);
    assert.equal(same.stalenessMs, stalenessMs);
  }
  const constant = {
    ...planned,
    scenario: { ...planned.scenario, arrivals: { kind: 'constant' as const, perSecond: 1 } },
  };
  assert.equal(pollingTheory(constant, exact, 40), undefined);
});
