import { defaultLimits } from '../protocol/limits.ts';

const second = 1_000;
const minute = 60 * second;

/** Head of an encoded publish, beside the payload; generous, since JSON writes its numbers out. */
const publishHeadBytes = 1024;

/** What a server takes in one publish bounds every payload, also those that come from a source. */
export const largestPayloadBytes = defaultLimits.publishBytes - publishHeadBytes;

/**
 * From and to, both allowed: the same for an option of the command line and for the field of a scenario file. Times in
 * milliseconds, rates per second.
 */
export const ranges = {
  clients: [1, 1_000_000],
  channels: [1, 100_000],
  perSecond: [0.001, 10_000],
  payloadBytes: [1, largestPayloadBytes],
  pollIntervalMs: [10, 10 * minute],
  holdMs: [100, defaultLimits.holdMs],
  heartbeatMs: [100, 10 * minute],
  durationMs: [500, 60 * minute],
  warmupMs: [0, 10 * minute],
  repeats: [1, 100],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** One server answers far more than clients of one machine can ask; more nodes would only share its core. */
export const mostNodes = 8;
