import { type PinnedThread, sharedExchange } from './pinned-thread.ts';

const exchanges = 2_000;
/** Instants are stored in whole microseconds: a difference contains the rounding of two of them. */
const roundingUs = 1;

/**
 * How far instants read on two of these cores may disagree, in microseconds; null when a thread could not be pinned.
 * Two threads exchange readings as fast as they can. The quickest of 2,000 exchanges bounds the offset of their clocks
 * to half its duration (Cristian 1989, https://doi.org/10.1007/BF01784024). The clock's step and the rounding are
 * added; with a single core they are the whole result.
 */
export async function clockUncertaintyUs(threads: readonly PinnedThread[]): Promise<number | null> {
  if (threads.some(({ core }) => core === null)) return null;
  const ownUs = clockResolutionNs() / 1000 + roundingUs;
  const [first, ...others] = threads;
  const bounds: number[] = [0];
  for (const other of others) {
    const shared = sharedExchange();
    const [{ roundTripNs, offsetNs }] = await Promise.all([first!.call(shared, exchanges), other.answer(shared)]);
    bounds.push((Math.abs(offsetNs) + roundTripNs / 2) / 1000);
  }
  return Math.max(...bounds) + ownUs;
}

/** The smallest observed step between two readings of the monotonic clock, in nanoseconds. */
export function clockResolutionNs(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let before = process.hrtime.bigint();
  for (let reading = 0; reading < 2_000; reading++) {
    const now = process.hrtime.bigint();
    if (now > before) smallest = Math.min(smallest, Number(now - before));
    before = now;
  }
  return smallest;
}
