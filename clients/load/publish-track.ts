import type { PlannedPublish } from '../../scenarios/schedule.ts';
import type { Track } from './agenda.ts';

/**
 * Makes each planned publish at its intended instant. `planned` is sorted by instant. `encode` makes the bytes ahead of
 * the instant, in the order of the plan, and returns what sends them.
 */
export function createPublishTrack(
  planned: readonly PlannedPublish[],
  startUs: number,
  encode: (planned: PlannedPublish, intendedUs: number) => () => void,
): Track {
  let place = 0;
  let send: (() => void) | undefined;
  const prepare = () => {
    const next = planned[place];
    if (next) send ??= encode(next, startUs + next.atUs);
  };
  return {
    nextUs: () => {
      const next = planned[place];
      return next ? startUs + next.atUs : Number.POSITIVE_INFINITY;
    },
    prepare,
    fire: () => {
      prepare();
      const prepared = send!;
      send = undefined;
      place++;
      prepared();
    },
  };
}
