import type { Conditions } from './conditions.ts';
import { keptIntervalMs } from './short-polling.ts';

/** Beyond this, servers and proxies commonly close an idle connection, and each poll would have to open one. */
export const longestKeptMs = 60_000;

/** The range of the scenario's field. */
const [leastMs, mostMs] = [10, 600_000];

/**
 * The longest interval with which no update stays unknown for longer than tolerated, rounded down to two digits: an update
 * may just miss a poll, waits for the next one, and takes the way. `undefined` if even polling without a pause is too slow, since a poll waits for the
 * answer to the one before.
 */
export function longestIntervalMs(
  toleranceMs: number,
  way: Pick<Conditions, 'roundTripMs' | 'oneWayMs'>,
): number | undefined {
  const roomMs = Math.min(mostMs, toleranceMs - way.oneWayMs);
  if (roomMs < leastMs) return undefined;
  const digit = 10 ** (Math.floor(Math.log10(roomMs)) - 1);
  return [Math.floor(roomMs / digit) * digit, Math.floor(roomMs)].find(
    (pollIntervalMs) => keptIntervalMs({ ...way, pollIntervalMs }) <= roomMs,
  );
}
