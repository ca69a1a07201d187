import type { PlannedScenario } from '../../results/schema/schema.ts';
import { isReportable } from '../figures/reportable.ts';
import type { AssessedTrial, TransportAnalysis } from '../validity/assessment.ts';

/** The staleness that people may tolerate, in milliseconds: the steps in which recommendations are given. */
export const tolerancesMs = [100, 1_000, 10_000, 60_000, 600_000] as const;

/** Above this share of all updates, those that newer ones replaced count: nine of ten have to be in time. */
export const manyReplaced = 0.1;

type Scenario = PlannedScenario['scenario'];

/**
 * Milliseconds within which a client has nine of ten updates, or something newer.
 *
 * This is the 90th percentile of the delivery latency, unless many updates were replaced by newer ones. Replaced
 * updates never arrive, so they are in no latency, and a poll under `latest` would look fresh because it brings only
 * what is new. The next delivery makes up for a replaced update, so the mean time between two deliveries to a client is
 * then added (for short polling, at most its interval). The result is an upper estimate; `undefined` if nothing was
 * delivered.
 */
function seenWithinMs({ trial, figures }: AssessedTrial, scenario: Scenario, many: number): number | undefined {
  const p90Ms = figures['latency.p90'];
  const { conflated, expected, received } = trial.ledger;
  if (p90Ms === undefined || received === 0) return undefined;
  if (conflated <= many * expected) return p90Ms;
  const gapMs = (scenario.clients * trial.window.durationMs) / received;
  return p90Ms + (trial.transport === 'short-polling' ? Math.min(gapMs, scenario.pollIntervalMs) : gapMs);
}

/**
 * `seenWithinMs` of the worst valid repeat, so that what is called in time was in time in every repeat. A repeat in which
 * the instrument made the percentile says nothing. `many`: the share above which replaced updates count.
 */
export function worstSeenWithinMs(
  { valid }: TransportAnalysis,
  scenario: Scenario,
  many: number = manyReplaced,
): number | undefined {
  const seen = valid.filter(({ trial }) => isReportable(trial, 0.9)).map((each) => seenWithinMs(each, scenario, many));
  if (seen.length === 0 || seen.includes(undefined)) return undefined;
  return Math.max(...seen.map((value) => value!));
}
