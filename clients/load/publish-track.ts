import type { PlannedPublish } from '../../scenarios/schedule.ts';
import type { Track } from './agenda.ts';

/** Makes each planned publish at its intended instant. `planned` is sorted by instant. */
export function createPublishTrack(
  planned: readonly PlannedPublish[],
  startUs: number,
  publish: (planned: PlannedPublish, intendedUs: number) => void,
): Track {
  let place = 0;
  return {
    nextUs: () => {
      const next = planned[place];
      return next ? startUs + next.atUs : Number.POSITIVE_INFINITY;
    },
    fire: () => {
      const next = planned[place++]!;
      publish(next, startUs + next.atUs);
    },
  };
}
