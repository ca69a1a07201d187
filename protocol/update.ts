/**
 * One state change of one channel, as both sides know it.
 * `version` counts 1, 2, 3 … per channel. `intendedUs` is the instant at which the schedule emits (or publishes) the
 * update, in microseconds since the trial's epoch. `payload` is the application's bytes: JSON text in the encoding
 * `json`, any bytes in `binary`.
 */
export type Update = {
  readonly channel: number;
  readonly version: number;
  readonly intendedUs: number;
  readonly payload: Uint8Array;
};
