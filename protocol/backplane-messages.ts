import { deserialize, serialize } from 'node:v8';

/**
 * Messages from a node to the backplane, over a local socket, where several nodes expose one stream. The backplane
 * sends every accepted update to all nodes in one order; the publishing node gets the update before its verdict.
 */
export type ToBackplane =
  /** A node's first message: from now on it receives every update. */
  | { readonly kind: 'join' }
  /** `id`: chosen by the node; the verdict repeats it. */
  | ({ readonly kind: 'publish'; readonly id: number; readonly sequence: number } & Unversioned);

export type FromBackplane =
  | { readonly kind: 'joined' }
  | ({ readonly kind: 'accepted'; readonly version: number } & Unversioned)
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: Verdict };

type Unversioned = {
  readonly channel: number;
  readonly intendedUs: number;
  readonly payload: Buffer;
  /** Client number of the publisher; -1 for the source. */
  readonly publisher: number;
};

/** Outcome of a publish: the version, which a repeat shares with the first; or the reason for the refusal. */
export type Verdict = { readonly version: number; readonly repeated: boolean } | { readonly refused: string };

/** A message (V8 structured clone) behind its length, u32 big-endian. */
export function encodeMessage(message: ToBackplane | FromBackplane): Buffer {
  return withLength(serialize(message));
}

/** Decodes what `encodeMessage` wrote, without the length. The type is not checked: both ends are ours. */
export function decodeMessage<M extends ToBackplane | FromBackplane>(bytes: Buffer): M {
  return deserialize(bytes) as M;
}

/** A record on a local socket: the length, u32 big-endian, then the bytes. */
export function withLength(bytes: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * Returns a function that takes a socket's chunks and calls `onRecord` with each complete record, without its length.
 */
export function recordReader(onRecord: (record: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      onRecord(bytes.subarray(4, end));
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  };
}
