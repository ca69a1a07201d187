import { readU32, writeU32 } from './big-endian.ts';
import { takeBytes } from './byte-pool.ts';

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
  readonly payload: Uint8Array;
  /** Client number of the publisher, or one of `publishers`. */
  readonly publisher: number;
};

/** Outcome of a publish: the version, which a repeat shares with the first; or the reason for the refusal. */
export type Verdict = { readonly version: number; readonly repeated: boolean } | { readonly refused: string };

/** The first byte of a message. */
const kinds = { join: 0, publish: 1, joined: 2, accepted: 3, given: 4, refused: 5 } as const;

const lengthBytes = 4;
const numberBytes = 8;
const nothing = new Uint8Array();

/**
 * A message behind its length, u32: the kind as one byte, its numbers as float64, which hold whole numbers up to 2^53,
 * and the payload or the reason for a refusal in UTF-8. All big-endian.
 */
export function encodeMessage(message: ToBackplane | FromBackplane): Uint8Array {
  switch (message.kind) {
    case 'join':
    case 'joined':
      return packed(kinds[message.kind], [], nothing);
    case 'publish': {
      const { id, sequence, channel, intendedUs, publisher, payload } = message;
      return packed(kinds.publish, [id, sequence, channel, intendedUs, publisher], payload);
    }
    case 'accepted': {
      const { version, channel, intendedUs, publisher, payload } = message;
      return packed(kinds.accepted, [version, channel, intendedUs, publisher], payload);
    }
    case 'verdict': {
      const { id, verdict } = message;
      if ('refused' in verdict) return packed(kinds.refused, [id], new TextEncoder().encode(verdict.refused));
      return packed(kinds.given, [id, verdict.version, Number(verdict.repeated)], nothing);
    }
  }
}

/**
 * Decodes what `encodeMessage` wrote, without the length; a payload is a view into `bytes`. Only the kind is checked:
 * both ends are ours.
 */
export function decodeMessage<M extends ToBackplane | FromBackplane>(bytes: Uint8Array): M {
  return unpacked(bytes) as M;
}

function unpacked(bytes: Uint8Array): ToBackplane | FromBackplane {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (place: number) => view.getFloat64(1 + place * numberBytes);
  const after = (numbers: number) => bytes.subarray(1 + numbers * numberBytes);
  switch (bytes[0]) {
    case kinds.join:
      return { kind: 'join' };
    case kinds.joined:
      return { kind: 'joined' };
    case kinds.publish: {
      const [id, sequence, channel, intendedUs, publisher] = [number(0), number(1), number(2), number(3), number(4)];
      return { kind: 'publish', id, sequence, channel, intendedUs, publisher, payload: after(5) };
    }
    case kinds.accepted: {
      const [version, channel, intendedUs, publisher] = [number(0), number(1), number(2), number(3)];
      return { kind: 'accepted', version, channel, intendedUs, publisher, payload: after(4) };
    }
    case kinds.given:
      return { kind: 'verdict', id: number(0), verdict: { version: number(1), repeated: number(2) === 1 } };
    case kinds.refused:
      return { kind: 'verdict', id: number(0), verdict: { refused: new TextDecoder().decode(after(1)) } };
    default:
      throw new Error(`backplane: message of unknown kind ${bytes[0]}`);
  }
}

function packed(kind: number, numbers: readonly number[], rest: Uint8Array): Uint8Array {
  const restAt = lengthBytes + 1 + numbers.length * numberBytes;
  const bytes = takeBytes(restAt + rest.length);
  writeU32(bytes, 0, bytes.length - lengthBytes);
  bytes[lengthBytes] = kind;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [place, number] of numbers.entries()) view.setFloat64(lengthBytes + 1 + place * numberBytes, number);
  bytes.set(rest, restAt);
  return bytes;
}

/** A record on a local socket: the length, u32 big-endian, then the bytes. */
export function withLength(bytes: Uint8Array): Uint8Array {
  const record = takeBytes(lengthBytes + bytes.length);
  writeU32(record, 0, bytes.length);
  record.set(bytes, lengthBytes);
  return record;
}

/**
 * Returns a function that takes a socket's chunks and calls `onRecord` with each complete record, without its length: a
 * view that is valid only during the call.
 */
export function recordReader(onRecord: (record: Uint8Array) => void): (chunk: Uint8Array) => void {
  let rest: Uint8Array = nothing;
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    let at = 0;
    while (bytes.length - at >= lengthBytes) {
      const end = at + lengthBytes + readU32(bytes, at);
      if (end > bytes.length) break;
      onRecord(bytes.subarray(at + lengthBytes, end));
      at = end;
    }
    rest = at === bytes.length ? nothing : joined(bytes.subarray(at), nothing);
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
