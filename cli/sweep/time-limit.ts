import { estimateMs } from '../../bench/plan/estimate.ts';
import { eachTrial, type Plan } from '../../bench/plan/plan.ts';
import { alternatives } from '../../text/choices.ts';
import { roundedDuration } from '../../text/duration.ts';
import { UsageError } from '../../text/usage-error.ts';

/** Refuses a sweep that would take longer, with the estimate and what to leave out. */
export function checkTime(plan: Plan, limitMs: number): void {
  const trials = eachTrial(plan);
  const neededMs = estimateMs(trials);
  if (neededMs <= limitMs) return;
  const points = plan.scenarios.length;
  const carried = Math.floor((points * limitMs) / neededMs);
  const ways = [
    ...(carried > 1 ? [`at most ${carried} points`] : []),
    ...fewerRepeats(plan, limitMs),
    ...(plan.transports.length > 1 ? ['fewer of --transport'] : []),
    'a longer --within',
  ];
  throw new UsageError(
    `--over: ${trials.length} trials at ${points} points take about ${roundedDuration(neededMs)}, more than ` +
      `${roundedDuration(limitMs)}; give ${alternatives(ways)}`,
  );
}

/** As many repeats as there is time for, if that is fewer and any. */
function fewerRepeats(plan: Plan, limitMs: number): readonly string[] {
  const planned = Math.max(...plan.scenarios.map(({ repeats }) => repeats));
  const counts = Array.from({ length: Math.max(0, planned - 1) }, (_, place) => planned - 1 - place);
  const fits = counts.map((repeats) => ({ repeats, ms: estimateMs(eachTrial(withRepeats(plan, repeats))) }));
  const most = fits.find(({ ms }) => ms <= limitMs);
  return most ? [`--repeats ${most.repeats} (${roundedDuration(most.ms)})`] : [];
}

function withRepeats(plan: Plan, repeats: number): Plan {
  return { ...plan, scenarios: plan.scenarios.map((planned) => ({ ...planned, repeats })) };
}
