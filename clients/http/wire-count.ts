import type { Subscriber } from '../subscriber/transport-client.ts';

export type WireCount = {
  /** What is being read is no update: a comment, or an event of another name. */
  readonly other: () => void;
  /** A piece of the compressed body was read to its end. */
  readonly taken: (piece: Buffer) => void;
};

/**
 * Tells a subscriber which bytes of a compressed stream its updates were: all pieces up to the one that completes an
 * update. Pieces that brought something else alone are framing.
 */
export function createWireCount({ receivedBytes, compressed }: Subscriber): WireCount {
  let wire: Buffer[] = [];
  let countedBytes = receivedBytes();
  let saidOther = false;
  return {
    other: () => {
      saidOther = true;
    },
    taken: (piece) => {
      wire.push(piece);
      const updateBytes = receivedBytes() - countedBytes;
      if (updateBytes > 0) compressed(wire, updateBytes);
      if (updateBytes > 0 || saidOther) wire = [];
      saidOther = false;
      countedBytes = receivedBytes();
    },
  };
}
