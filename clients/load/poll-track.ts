import type { Track } from './agenda.ts';

/** The polls of one interval; instants in the clock's microseconds. */
export type PollPlan = {
  readonly startUs: number;
  readonly intervalUs: number;
  /** Indices in this process of the clients that poll at this interval. */
  readonly places: readonly number[];
  /** Offset of each client's polls within the interval, in microseconds, by the client's index in this process. */
  readonly phasesUs: Float64Array;
};

/**
 * Endless polls of the clients that share an interval: client `i` polls at `startUs + phasesUs[i] + k × intervalUs`,
 * whatever became of its previous poll. Sorted by phase once, so the next poll is always that of the next client in the
 * round.
 */
export function createPollTrack(plan: PollPlan, poll: (client: number, intendedUs: number) => void): Track {
  const { startUs, intervalUs, places, phasesUs } = plan;
  const order = Uint32Array.from(places).sort((a, b) => phasesUs[a]! - phasesUs[b]!);
  let round = 0;
  let place = 0;
  const nextUs = () =>
    order.length === 0 ? Number.POSITIVE_INFINITY : startUs + round * intervalUs + phasesUs[order[place]!]!;
  return {
    nextUs,
    fire: () => {
      const client = order[place]!;
      const intendedUs = nextUs();
      place++;
      if (place === order.length) {
        place = 0;
        round++;
      }
      poll(client, intendedUs);
    },
  };
}
