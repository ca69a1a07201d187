import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import { type Comparison, leastPairs, outcomesAmong, undefeated } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { worstSeenWithinMs } from '../comparison/tolerance.ts';
import { byteFigures } from '../figures/byte-place.ts';
import { highest, negligible, type Resource } from './grades.ts';
import { atInterval } from './longer-interval.ts';

/** A transport, how late it was, and what it costs: bytes per client and minute, and a share of a core. */
export type Candidate = {
  readonly transport: Transport;
  /** Nine of ten updates arrived within this, in each repeat. */
  readonly withinMs: number;
  readonly cost: Readonly<Record<Resource, number | undefined>>;
  /** Only if the cost is that of short polling at this longer interval, by theory. */
  readonly pollIntervalMs?: number;
};

/** The transports with enough valid repeats, at the interval that was measured. */
export function candidatesOf(scenario: ScenarioAnalysis): readonly Candidate[] {
  return scenario.transports.flatMap((row): readonly Candidate[] => {
    const withinMs = worstSeenWithinMs(row, scenario.planned.scenario);
    if (row.valid.length < leastPairs || withinMs === undefined) return [];
    const cpuMs = row.medians['cpu.serving'];
    const cost = {
      bytes: row.medians[byteFigures[scenario.place].both],
      'server-cpu': cpuMs === undefined ? undefined : cpuMs / 1000,
    };
    return [{ transport: row.transport, withinMs, cost }];
  });
}

/**
 * Who tolerates some staleness need not poll oftener: short polling in time becomes short polling at an interval as long
 * as the tolerance, at the cost that theory gives it. Everything else stays as it is.
 */
export function atTolerance(
  candidate: Candidate,
  { planned, transports, place }: ScenarioAnalysis,
  toleranceMs: number,
): Candidate {
  const row = transports.find(({ transport }) => transport === candidate.transport);
  if (candidate.transport !== 'short-polling' || candidate.withinMs > toleranceMs || !row) return candidate;
  const polled = row.valid.flatMap(
    ({ trial }) => atInterval({ trial, scenario: planned.scenario }, toleranceMs, place) ?? [],
  );
  if (polled.length === 0) return candidate;
  const cost = {
    bytes: median(polled.map(({ bytes }) => bytes)),
    'server-cpu': median(polled.map(({ cpuMsPerSecond }) => cpuMsPerSecond)) / 1000,
  };
  return { ...candidate, cost, pollIntervalMs: toleranceMs };
}

/** Who is cheapest in one resource. */
export type Ranking = {
  readonly resource: Resource;
  /** None of the others is cheaper by a difference that counts; empty if that was not judged. */
  readonly best: readonly Transport[];
  /** Whether these are best because each costs less than anyone would pay to save. */
  readonly isNegligible: boolean;
};

export function rank(
  resource: Resource,
  candidates: readonly Candidate[],
  comparisons: readonly Comparison[],
): Ranking {
  const cheap = candidates.filter(({ cost }) => (cost[resource] ?? Number.POSITIVE_INFINITY) <= negligible[resource]);
  if (cheap.length > 0) return { resource, best: cheap.map(({ transport }) => transport), isNegligible: true };
  const best = withTheory(resource, candidates, bestMeasured(resource, candidates.filter(isMeasured), comparisons));
  return { resource, best, isNegligible: false };
}

function isMeasured({ pollIntervalMs }: Candidate): boolean {
  return pollIntervalMs === undefined;
}

function bestMeasured(
  resource: Resource,
  measured: readonly Candidate[],
  comparisons: readonly Comparison[],
): readonly Transport[] {
  const names = measured.map(({ transport }) => transport);
  if (names.length < 2) return names;
  // The cheapest of some pairs may not be the cheapest of all.
  if (outcomesAmong(comparisons, resource, names).has('too-few')) return [];
  return undefeated(comparisons, resource, names);
}

/** Adds the polling of theory where it costs about as much as the best or less; far below them it is best alone. */
function withTheory(
  resource: Resource,
  candidates: readonly Candidate[],
  best: readonly Transport[],
): readonly Transport[] {
  const polled = candidates.find((each) => !isMeasured(each));
  if (!polled || best.length === 0) return best;
  const costs = candidates.filter(({ transport }) => best.includes(transport)).map(({ cost }) => cost[resource]);
  const factor = polled.cost[resource]! / Math.min(...costs.map((cost) => cost ?? Number.NaN));
  if (factor < 1 / highest.good) return [polled.transport];
  return factor <= highest.good ? [polled.transport, ...best] : best;
}
