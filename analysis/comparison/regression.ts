import { isSameScenario, type ScenarioAt, scenarioAt } from '../../scenarios/point.ts';
import { figureAt } from '../figures/figure-aliases.ts';
import {
  changeOf,
  type JudgedChange,
  judged,
  placeOfPair,
  type RunComparison,
  type RunPair,
} from './run-comparison.ts';
import { type FigureTarget, isMeant } from './threshold.ts';

/** B may be above A by at most this share (0.1 is 10%). Less is better for every figure. */
export type Limit = FigureTarget & { readonly worse: number };

/**
 * `failed`: B is higher by more than allowed, beyond chance. `not-compared`: there was nothing to judge, which fails
 * too. `untold`: higher by more than allowed, but this may be chance, or there are too few repeats.
 */
export type LimitVerdict = 'holds' | 'failed' | 'not-compared' | 'untold';

export type LimitResult = ScenarioAt & {
  readonly limit: Limit;
  readonly change: JudgedChange | undefined;
  readonly verdict: LimitVerdict;
};

/**
 * Judges each limit in each scenario that it applies to, at each of its points. All of these are one family of tests,
 * held at 5% by Holm's procedure and separate from the figures that are only shown, so that one limit does not pay for
 * the rest of the table.
 */
export function judgeLimits(
  limits: readonly Limit[],
  pair: RunPair,
  { scenarios }: Pick<RunComparison, 'scenarios'>,
): readonly LimitResult[] {
  const asked = limits.flatMap((limit) =>
    pair.scenarios
      .map((scenario) => ({ limit, scenario, at: scenarioAt(scenario.a.planned) }))
      .filter(({ at }) => isMeant(limit, at.scenario)),
  );
  const isCompared = (at: ScenarioAt) => scenarios.find((each) => isSameScenario(each, at))?.status === 'compared';
  const compared = asked.filter(({ at }) => isCompared(at));
  const changes = judged(
    compared.map(({ limit, scenario }) =>
      changeOf(scenario, limit.transport, figureAt(limit.figure, placeOfPair(scenario))),
    ),
  );
  return asked.map((each) => {
    const change = changes[compared.indexOf(each)];
    return { limit: each.limit, ...each.at, change, verdict: verdictOf(each.limit, change) };
  });
}

function verdictOf({ worse }: Limit, change: JudgedChange | undefined): LimitVerdict {
  if (change === undefined || change.a === undefined || change.b === undefined) return 'not-compared';
  const { ratio, a, b, outcome } = change;
  // A of zero has no ratio: there, any B above zero exceeds the limit.
  const exceeds = ratio === undefined ? b > a : ratio > 1 + worse;
  if (!exceeds) return 'holds';
  return outcome === 'higher' ? 'failed' : 'untold';
}
