const chunkRows = 1 << 16;

/** The poll of a short-polling client that is under way. */
export type PollUnderWay = {
  /** When it was due; if the client could not poll then, because the last poll was unanswered, that earlier instant. */
  readonly dueUs: number;
  /** How much later than intended it left. */
  readonly lateUs: number;
};

type Chunk = {
  readonly client: Uint32Array;
  readonly version: Uint32Array;
  readonly receivedUs: Float64Array;
  /** Made for the first delivery that a poll brought; NaN where none did. */
  polls?: { readonly dueUs: Float64Array; readonly lateUs: Float64Array };
};

type Visit = (client: number, version: number, receivedUs: number, poll: PollUnderWay | undefined) => void;

/**
 * Every delivery of a window (client, version, instant), in the order of receipt; 16 bytes each, or 32 where a poll
 * brought it.
 */
export class Receipts {
  #chunks: Chunk[] = [];
  #rows = 0;

  /** `poll`: the one that brought it, if the client polls when it is told to. */
  add(client: number, version: number, receivedUs: number, poll?: PollUnderWay): void {
    const row = this.#rows++ % chunkRows;
    if (row === 0) this.#chunks.push(emptyChunk());
    const chunk = this.#chunks.at(-1)!;
    chunk.client[row] = client;
    chunk.version[row] = version;
    chunk.receivedUs[row] = receivedUs;
    if (!poll) return;
    chunk.polls ??= emptyPolls();
    chunk.polls.dueUs[row] = poll.dueUs;
    chunk.polls.lateUs[row] = poll.lateUs;
  }

  clear(): void {
    this.#chunks = [];
    this.#rows = 0;
  }

  forEach(visit: Visit): void {
    for (let row = 0; row < this.#rows; row++) {
      const chunk = this.#chunks[Math.floor(row / chunkRows)]!;
      const at = row % chunkRows;
      visit(chunk.client[at]!, chunk.version[at]!, chunk.receivedUs[at]!, pollOf(chunk, at));
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

function pollOf({ polls }: Chunk, at: number): PollUnderWay | undefined {
  const dueUs = polls?.dueUs[at] ?? Number.NaN;
  return Number.isNaN(dueUs) ? undefined : { dueUs, lateUs: polls!.lateUs[at]! };
}

function emptyPolls(): NonNullable<Chunk['polls']> {
  return {
    dueUs: new Float64Array(chunkRows).fill(Number.NaN),
    lateUs: new Float64Array(chunkRows),
  };
}
