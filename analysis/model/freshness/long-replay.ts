import { arrivalInstantsUs } from '../../../scenarios/arrivals.ts';
import { randomFrom } from '../../../scenarios/random.ts';
import type { Conditions, Expectation } from './conditions.ts';
import { observed } from './distribution.ts';
import { replayLongPolling } from './replay.ts';
import { perMs } from './void-probability.ts';

/** Updates of a replay that stands for a steady state: the mean of so many has a standard error below 1%. */
const replayedUpdates = 40_000;
/** Polls of a replay at most: rare updates and short holds have thousands of polls for each update. */
const replayedPolls = 3_000_000;
/** Any number: the same arrivals each time, so that equal questions have equal answers. */
const seed = 20_261;

/**
 * What long polling is expected to do where no closed form is known: the model played through on a long seeded
 * schedule.
 */
export function replayedLongPolling(conditions: Conditions): Expectation {
  const { arrivals, holdMs } = conditions;
  const durationMs = Math.ceil(Math.min(replayedUpdates / perMs(arrivals), replayedPolls * holdMs));
  const instantsMs = arrivalInstantsUs(arrivals, durationMs * 1000, randomFrom(seed)).map((us) => us / 1000);
  const played = replayLongPolling({ instantsMs, durationMs }, conditions);
  const { requests, emptyAnswers, heldAnswers, latenciesMs, stalenessMs, staleMs } = played;
  return {
    latency: observed(latenciesMs),
    staleness: observed(stalenessMs),
    staleFraction: staleMs / durationMs,
    deliveriesPerSecond: (1000 * latenciesMs.length) / durationMs,
    requestsPerSecond: (1000 * requests) / durationMs,
    emptyShare: emptyAnswers / requests,
    heldShare: heldAnswers / requests,
    afterSilenceShare: 0,
    heartbeatsPerSecond: 0,
  };
}
