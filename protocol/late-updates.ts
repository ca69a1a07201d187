/** Updates and publishes that left the source or a client late, by column. An update is known by the first two. */
export type LateUpdates = {
  readonly channel: readonly number[];
  readonly intendedUs: readonly number[];
  /** From the intended instant until it was handed over. */
  readonly lateUs: readonly number[];
};

/** Less than this is never late, however fast deliveries are. */
export const leastLateUs = 1_000;

/** Notes what leaves late. */
export class LateLog {
  readonly #channel: number[] = [];
  readonly #intendedUs: number[] = [];
  readonly #lateUs: number[] = [];

  note(channel: number, intendedUs: number, lateUs: number): void {
    if (lateUs <= leastLateUs) return;
    this.#channel.push(channel);
    this.#intendedUs.push(intendedUs);
    this.#lateUs.push(lateUs);
  }

  clear(): void {
    for (const column of [this.#channel, this.#intendedUs, this.#lateUs]) column.length = 0;
  }

  noted(): LateUpdates {
    return { channel: this.#channel, intendedUs: this.#intendedUs, lateUs: this.#lateUs };
  }
}
