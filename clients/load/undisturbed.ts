import { createRecorder } from '../../machine/process/recorder.ts';
import type { Gap } from '../../machine/process/self-tick.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { Receipts } from '../subscriber/receipts.ts';
import { type Delivery, groupByChannel, observeDeliveries } from './settlement.ts';

/** What the instrument did to the deliveries of a window. */
export type Disturbances = {
  /** When any of its processes did not run: in order, apart from each other. */
  readonly gaps: readonly Gap[];
  /** For each accepted update whether it left late: 1 or 0. */
  readonly leftLate: Uint8Array;
  /** A poll that left later than this was late, in microseconds. */
  readonly lateUs: number;
};

/**
 * Latencies of the deliveries that the instrument did not touch, an encoded recording in microseconds. `clients`:
 * `[client, channel]`.
 */
export function undisturbedLatencies(
  { updates, receipts }: { readonly updates: AcceptedUpdates; readonly receipts: Receipts },
  clients: readonly (readonly [number, number])[],
  disturbances: Disturbances,
): string {
  const recorder = createRecorder();
  observeDeliveries(groupByChannel(updates), receipts, new Map(clients), (delivery) => {
    if (!isDisturbed(delivery, disturbances)) recorder.record(delivery.receivedUs - delivery.intendedUs);
  });
  return recorder.encoded();
}

/**
 * Whether a delivery left late or was under way while a process of the instrument did not run. Between its acceptance
 * and the poll that brings it, an update waits at the server, where the instrument cannot touch it. To count that time,
 * too, would leave out just those that wait longest.
 */
export function isDisturbed(
  { row, intendedUs, acceptedUs, receivedUs, poll }: Delivery,
  { gaps, leftLate, lateUs }: Disturbances,
): boolean {
  if (leftLate[row] === 1 || (poll !== undefined && poll.lateUs > lateUs)) return true;
  return overlaps(gaps, intendedUs, acceptedUs) || overlaps(gaps, poll?.dueUs ?? acceptedUs, receivedUs);
}

/** Whether a gap has an instant in common with this time, ends included. Binary search. */
function overlaps(gaps: readonly Gap[], fromUs: number, toUs: number): boolean {
  let first = 0;
  let beyond = gaps.length;
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if (gaps[middle]!.toUs < fromUs) first = middle + 1;
    else beyond = middle;
  }
  return first < gaps.length && gaps[first]!.fromUs <= toUs;
}
