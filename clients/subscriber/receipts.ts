const chunkRows = 1 << 16;

type Chunk = {
  readonly client: Uint32Array;
  readonly version: Uint32Array;
  readonly receivedUs: Float64Array;
};

/** Every delivery of a window (client, version, instant), in the order of receipt; 16 bytes each. */
export class Receipts {
  #chunks: Chunk[] = [];
  #rows = 0;

  add(client: number, version: number, receivedUs: number): void {
    const row = this.#rows++ % chunkRows;
    if (row === 0) this.#chunks.push(emptyChunk());
    const chunk = this.#chunks.at(-1)!;
    chunk.client[row] = client;
    chunk.version[row] = version;
    chunk.receivedUs[row] = receivedUs;
  }

  clear(): void {
    this.#chunks = [];
    this.#rows = 0;
  }

  forEach(visit: (client: number, version: number, receivedUs: number) => void): void {
    for (let row = 0; row < this.#rows; row++) {
      const chunk = this.#chunks[Math.floor(row / chunkRows)]!;
      const at = row % chunkRows;
      visit(chunk.client[at]!, chunk.version[at]!, chunk.receivedUs[at]!);
    }
  }
}

function emptyChunk(): Chunk {
  return {
    client: new Uint32Array(chunkRows),
    version: new Uint32Array(chunkRows),
    receivedUs: new Float64Array(chunkRows),
  };
}
