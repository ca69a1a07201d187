import { leastPairs } from '../../analysis/comparison/comparison.ts';
import { compareArms } from '../../analysis/comparison/self-comparison.ts';
import { type FigureKey, figureOf, figures } from '../../analysis/figures/figures.ts';
import { binomialInterval } from '../../analysis/statistics/binomial.ts';
import { pairedRatio, significance } from '../../analysis/statistics/statistics.ts';
import { isValidTrial } from '../../analysis/validity/validity.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Evidence, type Finding, ledgerFinding, measureTrials, streamScenario } from './evidence.ts';

const pairs = 40;
/** The chance of six or more of forty at 5% each is 1.4%. */
const mostDifferent = 5;

/** Short, so that 240 trials take less than ten minutes: chance does not depend on the length of a trial. */
const scenario = streamScenario({
  name: 'aa-websocket',
  clients: 20,
  channels: 4,
  arrivals: { kind: 'poisson', perSecond: 50 },
});
const planned = { scenario, repeats: pairs * leastPairs, durationMs: 500, warmupMs: 0 };

/** WebSocket against itself: how often the analysis takes chance for a difference. */
export const aaEvidence: Evidence = {
  summary: 'WebSocket against itself, 40 comparisons of three blocks: at most 5 called different before Holm',
  measure: async (say) => {
    const startedAt = performance.now();
    const trials = await measureTrials(
      { transports: ['websocket'], aa: true, rttMs: 10, scenarios: [planned], seed: 'aa' },
      say,
    );
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const measured = trials.map((trial) => ({ trial, scenario: recorded(scenario) }));
    const noisy = trials.filter(({ noise }) => (noise?.strangerShare ?? 0) > 0.1).length;
    const invalid = trials.filter((trial) => !isValidTrial(trial)).length;
    const { freshness } = compareArms(measured).byQuestion;
    return [
      finding('p50, as pvw run --aa tells it', freshness.beforeHolm, freshness.tests),
      ...(['latency.p50', 'latency.p99', 'stale', 'bytes.total', 'cpu.serving.update'] as const).map((key) => {
        const different = groups(trials).filter((group) => isDifferent(group, key)).length;
        return finding(`${figures[key].title}, all trials`, different, pairs);
      }),
      {
        claim: 'it takes less than ten minutes',
        found: `${seconds} s for ${trials.length} trials, ${invalid} of them invalid, ${noisy} with strangers on the cores`,
        holds: seconds < 600,
      },
      ledgerFinding(trials),
    ];
  },
};

function finding(what: string, different: number, tests: number): Finding {
  const { low, high } = binomialInterval(different, Math.max(1, tests));
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  return {
    claim: `${what}: at most ${mostDifferent} of ${pairs} called different before Holm`,
    found: `${different} of ${tests}, 95% interval ${percent(low)} to ${percent(high)}`,
    holds: tests === pairs && different <= mostDifferent,
  };
}

/** The trials of three blocks each. */
function groups(trials: readonly CompletedTrial[]): readonly (readonly CompletedTrial[])[] {
  return Array.from({ length: pairs }, (_, group) =>
    trials.filter(({ block }) => Math.floor(block / leastPairs) === group),
  );
}

/** Includes cold trials: both arms compile the same code, and only their difference matters here. */
function isDifferent(group: readonly CompletedTrial[], key: FigureKey): boolean {
  const of = (arm: 'A' | 'B') =>
    group
      .filter((trial) => trial.arm === arm)
      .sort((a, b) => a.block - b.block)
      .map((trial) => figureOf(key, { trial, scenario: recorded(scenario) }) ?? Number.NaN);
  const b = of('B');
  const estimate = pairedRatio(
    of('A').map((value, block) => value / b[block]!),
    2 * (figures[key].resolution ?? 0),
  );
  return estimate !== undefined && estimate.pValue <= significance;
}

/** The record's arrays are mutable to the compiler, the scenario's are not. */
function recorded(of: Scenario): Parameters<typeof figureOf>[1]['scenario'] {
  return structuredClone(of) as Parameters<typeof figureOf>[1]['scenario'];
}
