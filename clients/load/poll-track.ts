import type { Track } from './agenda.ts';

export type PollPlan = {
  readonly startUs: number;
  readonly intervalUs: number;
  /** Who polls in this interval: places of clients in this process. */
  readonly places: readonly number[];
  /** Place of each client's polls in the interval; index is the client's place in this process. */
  readonly phasesUs: Float64Array;
};

/**
 * Endless polls of the clients that share an interval: client `i` at `start + phase[i] + k × interval`, whatever happened to the last one.
 * Sorted by phase once, the next poll is always the next client of the round.
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
