/**
 * One state change of one channel, as both sides know it.
 *
 * `version` counts 1, 2, 3 … per channel. `intendedUs` is the instant at which the schedule said the update is emitted
 * (or published), in microseconds since the run's epoch. `payload` is the application's bytes: JSON text where the
 * encoding is `json`, anything where it is `binary`.
 */
export type Update = {
  readonly channel: number;
  readonly version: number;
  readonly intendedUs: number;
  readonly payload: Buffer;
};
