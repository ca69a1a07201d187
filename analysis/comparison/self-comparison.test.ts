import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type CompletedTrial, type Run, runRecord, trialRecord } from '../../results/schema/schema.ts';
import { type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { analyseRun } from './run-analysis.ts';
import { type SelfComparison, selfComparisonTexts } from './self-comparison.ts';

function aaRun(options: SyntheticOptions): Run {
  return syntheticRun({
    aa: true,
    scenarios: syntheticScenarios.slice(0, 1),
    transports: ['short-polling'],
    ...options,
  });
}

function armsOf(run: Run): SelfComparison {
  return analyseRun(run).scenarios[0]!.arms!;
}

/**
 * A long A/A run from one synthetic block. Effects of the machine in a block multiply both of its arms; apart from
 * these, p50 scatters like the median of some thousand polls and server CPU like that of a few seconds.
 */
function longRun(blocks: number, seed: number): Run {
  const { record, trials } = aaRun({ repeats: 1 });
  // Both arms start as the same trial; otherwise they would really differ.
  const base = trials[0] as CompletedTrial;
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  // Box and Muller's method.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const noisy = Array.from({ length: blocks }, (_, block) => {
    const machine = 0.7 + 0.6 * uniform();
    return (['A', 'B'] as const).map((arm) => {
      const scaled = withLatency(base, Math.exp(0.02 * normal()));
      return { ...withCpu(scaled, machine * Math.exp(0.06 * normal())), block, arm };
    });
  });
  return { record, trials: noisy.flat() };
}

function withCpu(trial: CompletedTrial, factor: number): CompletedTrial {
  const processes = trial.processes.map((each) => ({ ...each, cpuWindowMs: each.cpuWindowMs * factor }));
  return { ...trial, processes };
}

function withLatency(trial: CompletedTrial, factor: number): CompletedTrial {
  const { meanMs, p50Ms, p90Ms, p99Ms, maxMs, ...rest } = trial.latency.delivery;
  const [mean, p50, p90, p99, max] = [meanMs, p50Ms, p90Ms, p99Ms, maxMs].map((ms) => ms * factor) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const delivery = { ...rest, meanMs: mean, p50Ms: p50, p90Ms: p90, p99Ms: p99, maxMs: max };
  return {
    ...trial,
    latency: { ...trial.latency, delivery },
    outstandingMs: trial.outstandingMs! * factor,
  };
}

test('400 simulated pairs: chance is called a difference in 3 to 7.2% before Holm, and more rarely after where it applies', () => {
  const arms = armsOf(longRun(1_200, 1));
  assert.equal(arms.comparisons, 400);
  for (const question of ['freshness', 'server-cpu'] as const) {
    const { tests, beforeHolm, afterHolm } = arms.byQuestion[question];
    assert.equal(tests, 400);
    const share = beforeHolm / tests;
    assert.ok(share >= 0.03 && share <= 0.072, `${question}: ${share}`);
    // Server CPU is a family of its own, so of two arms it is a single test.
    if (question === 'server-cpu') assert.equal(afterHolm, beforeHolm);
    else assert.ok(afterHolm < beforeHolm, question);
  }
  // The same seed sends the same bytes, so bytes cannot differ by chance.
  assert.deepEqual(arms.byQuestion.bytes, { tests: 400, beforeHolm: 0, afterHolm: 0 });
});

test('over 3,200 pairs the rate is that of the test: 5%, and for a figure with a known resolution less', () => {
  const runs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => armsOf(longRun(1_200, seed)).byQuestion);
  const share = (question: 'freshness' | 'server-cpu') =>
    runs.reduce((sum, each) => sum + each[question].beforeHolm / each[question].tests, 0) / runs.length;
  // Two standard errors of a binomial share at 5% are 0.77 points.
  assert.ok(Math.abs(share('server-cpu') - 0.05) < 0.008, `${share('server-cpu')}`);
  assert.ok(share('freshness') > 0.03 && share('freshness') < 0.055, `${share('freshness')}`);
});

test('a real difference between the arms is found, so the test is not blind', () => {
  const alter = (trial: CompletedTrial) => withCpu(trial, trial.arm === 'A' ? 1 : 1.5);
  const { beforeHolm, tests } = armsOf(aaRun({ repeats: 60, alter })).byQuestion['server-cpu'];
  assert.ok(beforeHolm > 0.9 * tests, `${beforeHolm} of ${tests}`);
});

test('blocks with an invalid trial and left-over blocks are not used', () => {
  const alter = (trial: CompletedTrial): CompletedTrial =>
    trial.block === 1 && trial.arm === 'B' ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
  assert.equal(armsOf(aaRun({ repeats: 6 })).comparisons, 2);
  assert.equal(armsOf(aaRun({ repeats: 6, alter })).comparisons, 1);
  const none = armsOf(aaRun({ repeats: 2 }));
  assert.deepEqual(selfComparisonTexts(none), [
    'Against itself: no comparison yet, three blocks with both arms valid are the least.',
  ]);
});

test('cold trials are not judged by CPU, and the text says so', () => {
  const alter = (trial: CompletedTrial) => ({ ...trial, window: { ...trial.window, warmupMs: 100 } });
  const arms = armsOf(aaRun({ repeats: 3, alter }));
  assert.equal(arms.byQuestion['server-cpu'].tests, 0);
  assert.match(selfComparisonTexts(arms).join('\n'), /Server CPU: not compared/);
});

test('the sentence has the rate with its interval', () => {
  const texts = selfComparisonTexts({
    comparisons: 40,
    byQuestion: {
      freshness: { tests: 40, beforeHolm: 2, afterHolm: 0 },
      bytes: { tests: 40, beforeHolm: 0, afterHolm: 0 },
      'server-cpu': { tests: 40, beforeHolm: 4, afterHolm: 1 },
    },
    total: { tests: 120, beforeHolm: 6, afterHolm: 1 },
  });
  assert.match(
    texts[0]!,
    /^Against itself in 40 comparisons .* 6 of 120 \(5\.0%, 95% interval 1\.9% to 10\.6%\) called/,
  );
  assert.equal(texts[1], 'Delivery latency: 2 of 40 before Holm, 0 after.');
});

test('records of an A/A run follow the schema', () => {
  const run = aaRun({ repeats: 3 });
  runRecord.parse(run.record);
  for (const trial of run.trials) trialRecord.parse(trial);
  assert.equal(run.trials.length, run.record.plan.trials);
});
