import type { Transport } from '../../protocol/transport.ts';
import type { Stall } from './stall.ts';

/**
 * A question about a server with a known fault. The answer is what a suite without error would report, computed from
 * the schedule alone. Path, server and clients take no time here; measured values are higher by what they take.
 */
export type Question = {
  readonly transport: Transport;
  /** Intended instants of one channel's updates, ascending; version `i + 1` is row `i`. */
  readonly intendedUs: readonly number[];
  /** Every update reaches the server this much after its intended instant. */
  readonly delayUs: number;
  /** The server does nothing in this span. At its end it handles everything at once, in order of arrival. */
  readonly stall?: Stall;
  /** A client's first poll, and the time from one poll to the next. Only short polling uses them. */
  readonly firstPollUs: number;
  readonly pollIntervalUs: number;
};

export type Truth = {
  /** Receipt of each update by one client, in the order of `intendedUs`. */
  readonly receivedUs: readonly number[];
  /** Polls that were skipped, because the last one was not yet answered. */
  readonly skippedPolls: number;
};

/** When one client of the channel receives each update. */
export function truthFor(question: Question): Truth {
  if (question.transport === 'short-polling') return polled(question);
  const { intendedUs, delayUs, stall } = question;
  // A long poll has a request waiting: the first update ends it, and the rest comes one round trip, here 0, later.
  return { receivedUs: intendedUs.map((atUs) => handledUs(atUs + delayUs, stall)), skippedPolls: 0 };
}

function handledUs(atUs: number, stall: Stall | undefined): number {
  return stall && atUs >= stall.fromUs && atUs < stall.toUs ? stall.toUs : atUs;
}

function polled({ intendedUs, delayUs, stall, firstPollUs, pollIntervalUs }: Question): Truth {
  const arrivedUs = intendedUs.map((atUs) => atUs + delayUs);
  const receivedUs: number[] = [];
  let skippedPolls = 0;
  let answeredUs = Number.NEGATIVE_INFINITY;
  for (let pollUs = firstPollUs; receivedUs.length < intendedUs.length; pollUs += pollIntervalUs) {
    if (pollUs < answeredUs) {
      skippedPolls++;
      continue;
    }
    answeredUs = handledUs(pollUs, stall);
    const seenUntilUs = stall && answeredUs !== pollUs ? seenAfterStall(arrivedUs, pollUs, stall) : pollUs;
    while (receivedUs.length < arrivedUs.length && arrivedUs[receivedUs.length]! <= seenUntilUs) {
      receivedUs.push(answeredUs);
    }
  }
  return { receivedUs, skippedPolls };
}

/**
 * The server continues with the socket that became readable first. If that is the source, one read takes all it has
 * sent, and the poll gets it. If it is the poll, the answer is the state from before the stall.
 */
function seenAfterStall(arrivedUs: readonly number[], pollUs: number, stall: Stall): number {
  const sourceFirst = arrivedUs.some((atUs) => atUs >= stall.fromUs && atUs <= pollUs);
  return sourceFirst ? stall.toUs : stall.fromUs;
}

/** The value that `percentile` per cent of the values do not exceed, as in an HdrHistogram. */
export function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length)) - 1]!;
}

/**
 * Microseconds of the window in which the client's view was not the newest state. Each version is outstanding from its
 * intended instant until it or a newer one is received. The view is stale in the union of these spans.
 */
export function staleTruthUs(
  intendedUs: readonly number[],
  receivedUs: readonly number[],
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): number {
  let total = 0;
  let coveredToUs = fromUs;
  for (const [row, dueUs] of intendedUs.entries()) {
    const heldUs = Math.min(toUs, ...receivedUs.slice(row));
    total += Math.max(0, heldUs - Math.max(dueUs, coveredToUs));
    coveredToUs = Math.max(coveredToUs, heldUs);
  }
  return total;
}
