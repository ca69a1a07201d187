import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import { type Comparison, leastPairs, outcomesAmong, undefeated } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { worstSeenWithinMs } from '../comparison/tolerance.ts';
import { byteFigures } from '../figures/byte-place.ts';
import { longestKeptMs } from '../model/freshness/poll-interval.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { isCold } from '../validity/validity.ts';
import { highest, negligible, type Resource, replacesMany } from './grades.ts';
import { bytesAtInterval } from './longer-interval.ts';

/** A transport, how late it was, and what it costs: bytes per client and minute, and cores per 1,000 clients. */
export type Candidate = {
  readonly transport: Transport;
  /** Nine of ten updates arrived within this, in each repeat. */
  readonly withinMs: number;
  /** `undefined` if not measured, or, for CPU, with too short a warm-up. */
  readonly cost: Readonly<Record<Resource, number | undefined>>;
  /** Only if the bytes are those of short polling at this longer interval, by theory. */
  readonly pollIntervalMs?: number;
};

/** The transports with enough repeats that say how late they were, at the interval that was measured. */
export function candidatesOf(scenario: ScenarioAnalysis): readonly Candidate[] {
  return scenario.transports.flatMap((row): readonly Candidate[] => {
    const withinMs = worstSeenWithinMs(row, scenario.planned.scenario);
    const seen = row.valid.filter(({ figures }) => figures['latency.p90'] !== undefined);
    if (seen.length < leastPairs || withinMs === undefined) return [];
    const cost = { bytes: row.medians[byteFigures[scenario.place].both], 'server-cpu': coresOf(row, scenario) };
    return [{ transport: row.transport, withinMs, cost }];
  });
}

function coresOf({ medians, valid }: TransportAnalysis, { planned }: ScenarioAnalysis): number | undefined {
  const msPerSecond = medians['cpu.serving'];
  if (msPerSecond === undefined || valid.some(({ trial }) => isCold(trial))) return undefined;
  return msPerSecond / planned.scenario.clients;
}

/** By how much a client sees nine of ten updates later for each millisecond between its polls. */
const lateness = { every: 0.9, replaced: 1.9 } as const;

/**
 * With a tolerated staleness, polling more often than that buys nothing: short polling in time becomes short polling at
 * the longest interval that keeps it in time, at the bytes that theory gives it. Its CPU stays as measured, which is an
 * upper estimate. Everything else stays as it is.
 */
export function atTolerance(candidate: Candidate, scenario: ScenarioAnalysis, toleranceMs: number): Candidate {
  const row = scenario.transports.find(({ transport }) => transport === candidate.transport);
  const { withinMs } = candidate;
  if (candidate.transport !== 'short-polling' || withinMs > toleranceMs || !row) return candidate;
  const { pollIntervalMs } = scenario.planned.scenario;
  const perMs = replacesMany(row) ? lateness.replaced : lateness.every;
  const longest = twoDigits(Math.min(longestKeptMs, pollIntervalMs + (toleranceMs - withinMs) / perMs));
  const bytes = row.valid.flatMap(
    ({ trial }) => bytesAtInterval({ trial, scenario: scenario.planned.scenario }, longest, scenario.place) ?? [],
  );
  if (bytes.length === 0) return candidate;
  return {
    ...candidate,
    withinMs: withinMs + perMs * (longest - pollIntervalMs),
    cost: { ...candidate.cost, bytes: median(bytes) },
    pollIntervalMs: longest,
  };
}

/** Rounded down to two significant digits, as it is shown. */
function twoDigits(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  // A hair more, because 600 / 0.1 may be a little below 6,000.
  return Math.floor(value / unit + 1e-9) * unit;
}

/** The cheapest transports in one resource. */
export type Ranking = {
  readonly resource: Resource;
  /** None of the others is cheaper by a difference that counts; empty if that was not judged. */
  readonly best: readonly Transport[];
  /** Whether these are best because each costs too little to pay for. */
  readonly isNegligible: boolean;
};

/** Beside one that costs too little to pay for, as much more is as good: two runs would part them at random. */
const hardlyMore = 1.1;

/** The cheapest transports in one resource. */
export function rank(
  resource: Resource,
  candidates: readonly Candidate[],
  comparisons: readonly Comparison[],
): Ranking {
  const within = (most: number) =>
    candidates.filter(({ cost }) => (cost[resource] ?? Number.POSITIVE_INFINITY) <= most).map((each) => each.transport);
  if (within(negligible[resource]).length > 0)
    return { resource, best: within(negligible[resource] * hardlyMore), isNegligible: true };
  const measured = candidates.filter((each) => isMeasured(resource, each));
  const best = withTheory(resource, candidates, bestMeasured(resource, measured, comparisons));
  return { resource, best, isNegligible: false };
}

/** Whether this cost is a measured one; of short polling at a longer interval only its CPU is. */
export function isMeasured(resource: Resource, { pollIntervalMs }: Candidate): boolean {
  return resource === 'server-cpu' || pollIntervalMs === undefined;
}

function bestMeasured(
  resource: Resource,
  measured: readonly Candidate[],
  comparisons: readonly Comparison[],
): readonly Transport[] {
  const names = measured.map(({ transport }) => transport);
  if (names.length < 2) return measured.some(({ cost }) => cost[resource] !== undefined) ? names : [];
  // The cheapest of some pairs may not be the cheapest of all.
  if (outcomesAmong(comparisons, resource, names).has('too-few')) return [];
  const best = undefeated(comparisons, resource, names);
  // Each is beaten by another, because pairs are judged in different blocks: none is the best.
  return best.length > 0 ? best : names;
}

/** Adds the polling of theory where it costs about as much as the best or less; far below them it is best alone. */
function withTheory(
  resource: Resource,
  candidates: readonly Candidate[],
  best: readonly Transport[],
): readonly Transport[] {
  const polled = candidates.find((each) => !isMeasured(resource, each));
  if (!polled || best.length === 0) return best;
  const costs = candidates.filter(({ transport }) => best.includes(transport)).map(({ cost }) => cost[resource]);
  const factor = polled.cost[resource]! / Math.min(...costs.map((cost) => cost ?? Number.NaN));
  if (factor < 1 / highest.good) return [polled.transport];
  return factor <= highest.good ? [polled.transport, ...best] : best;
}
