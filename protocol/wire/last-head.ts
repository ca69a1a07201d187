const mostBytes = 1024;

/**
 * The last head that was read, to recognize it: most answers of a server begin with the same bytes, and to compare them
 * takes less time than to read them.
 */
export class LastHead {
  readonly #bytes = new Uint8Array(mostBytes);
  #length = 0;

  /** Returns the position after the same head at `start`, or -1. */
  endIn(bytes: Uint8Array, start: number, end: number): number {
    const after = start + this.#length;
    if (this.#length === 0 || after > end) return -1;
    const last = this.#bytes;
    for (let i = start, j = 0; i < after; i++, j++) if (bytes[i] !== last[j]) return -1;
    return after;
  }

  /** Larger ones are not kept. */
  keep(bytes: Uint8Array, start: number, end: number): void {
    this.#length = end - start > mostBytes ? 0 : end - start;
    for (let i = 0; i < this.#length; i++) this.#bytes[i] = bytes[start + i]!;
  }

  forget(): void {
    this.#length = 0;
  }
}
