import type { PlannedScenario } from '../../results/schema/schema.ts';
import type { AssessedTrial, TransportAnalysis } from '../validity/assessment.ts';

/** How stale people may let a view be, in milliseconds: the steps in which recommendations are given. */
export const tolerancesMs = [100, 1_000, 10_000, 60_000, 600_000] as const;

/** From this share on an update that newer ones replaced is no exception any more: nine of ten have to be in time. */
const highestReplaced = 0.1;

type Scenario = PlannedScenario['scenario'];

/**
 * Milliseconds within which a client has nine of ten updates, or something newer.
 *
 * That is the 90th percentile of the delivery latency, unless many updates were replaced by newer ones: these never
 * arrive, so they are in no latency, and a poll under `latest` would look fresh because it only brings what is new.
 * A replaced update is made good by the next delivery, so then the mean time between two deliveries of a client is
 * added. That is an upper estimate. `undefined` where nothing was delivered.
 */
function seenWithinMs({ trial, figures }: AssessedTrial, scenario: Scenario): number | undefined {
  const p90Ms = figures['latency.p90'];
  const { conflated, expected, received } = trial.ledger;
  if (p90Ms === undefined || received === 0) return undefined;
  if (conflated <= highestReplaced * expected) return p90Ms;
  const gapMs = (scenario.clients * trial.window.durationMs) / received;
  return p90Ms + (trial.transport === 'short-polling' ? Math.min(gapMs, scenario.pollIntervalMs) : gapMs);
}

/** The same of the worst valid repeat, in milliseconds: what is called in time was so each time. */
export function worstSeenWithinMs({ valid }: TransportAnalysis, scenario: Scenario): number | undefined {
  const seen = valid.map((each) => seenWithinMs(each, scenario));
  if (seen.length === 0 || seen.includes(undefined)) return undefined;
  return Math.max(...seen.map((value) => value!));
}
