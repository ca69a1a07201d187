import type { Subscriber } from '../subscriber/transport-client.ts';

export type WireCount = {
  /** A comment or a named event was read: not an update. */
  readonly other: () => void;
  /** A piece of the compressed body was read to its end. */
  readonly taken: (piece: Uint8Array) => void;
};

/**
 * Tells a subscriber the compressed bytes of its updates: all pieces up to the one that completes an update. Pieces
 * that carried only comments or named events count as framing.
 */
export function createWireCount(subscriber: Subscriber): WireCount {
  let wire: Uint8Array[] = [];
  let countedBytes = subscriber.receivedBytes();
  let saidOther = false;
  return {
    other: () => {
      saidOther = true;
    },
    taken: (piece) => {
      wire.push(piece);
      const updateBytes = subscriber.receivedBytes() - countedBytes;
      if (updateBytes > 0) subscriber.compressed(wire, updateBytes);
      if (updateBytes > 0 || saidOther) wire = [];
      saidOther = false;
      countedBytes = subscriber.receivedBytes();
    },
  };
}
