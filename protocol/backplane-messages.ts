import { deserialize, serialize } from 'node:v8';

/**
 * What a node and the backplane say to each other over a local socket, where several nodes expose one stream. The
 * backplane hands every accepted update to all nodes in the one order; to the node that brought it, before its verdict.
 */
export type ToBackplane =
  /** The first message of a node: from now on it is handed every update. */
  | { readonly kind: 'join' }
  /** `id`: the node's own number, which the verdict repeats. */
  | ({ readonly kind: 'publish'; readonly id: number; readonly sequence: number } & Unversioned);

export type FromBackplane =
  | { readonly kind: 'joined' }
  | ({ readonly kind: 'accepted'; readonly version: number } & Unversioned)
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: Verdict };

type Unversioned = {
  readonly channel: number;
  readonly intendedUs: number;
  readonly payload: Buffer;
  /** The client's number, or -1 for the source. */
  readonly publisher: number;
};

/** What became of a publish: its version, which a repeat shares with the first; or why it has none. */
export type Verdict = { readonly version: number; readonly repeated: boolean } | { readonly refused: string };

/** One message with its length, u32 big-endian, in front. */
export function encodeMessage(message: ToBackplane | FromBackplane): Buffer {
  return withLength(serialize(message));
}

/** What `encodeMessage` made, without the length. The types are the sender's word: both ends are ours. */
export function decodeMessage<M extends ToBackplane | FromBackplane>(bytes: Buffer): M {
  return deserialize(bytes) as M;
}

/** Length, u32 big-endian, and the bytes: a record on a local socket. */
export function withLength(bytes: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Cuts a socket's chunks into records and hands each over without its length. */
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
