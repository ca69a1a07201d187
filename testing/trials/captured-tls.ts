import type { CapturedFrame } from './capture.ts';

/** For tests only: one TLS record, without its 5 bytes of header (RFC 8446, 5.1). */
export type TlsRecord = { readonly type: number; readonly length: number };

/** For tests only: what one end of one connection sent, reassembled from its segments. */
export type CapturedStream = {
  readonly sourceMac: string;
  readonly bytes: number;
  readonly records: readonly TlsRecord[];
};

/** Outer type of everything that is encrypted, handshake messages too. */
export const encrypted = 23;

const recordHeaderBytes = 5;
const ethernetBytes = 14;
const syn = 0x02;

/** For tests only: the TCP streams in whole frames, each as TLS records. Throws if part of a stream is missing. */
export function tlsStreams(frames: readonly CapturedFrame[]): readonly CapturedStream[] {
  const streams = new Map<string, { sourceMac: string; first: number; segments: Map<number, Buffer> }>();
  for (const { sourceMac, kept } of frames) {
    const { key, sequence, flags, payload } = segmentOf(kept);
    if (flags & syn) streams.set(key, { sourceMac, first: sequence + 1, segments: new Map() });
    const stream = streams.get(key);
    // A segment that was sent again has the same place.
    if (stream && payload.length > 0) stream.segments.set((sequence - stream.first) >>> 0, payload);
  }
  return [...streams.values()].map(({ sourceMac, segments }) => {
    const bytes = joined(segments);
    return { sourceMac, bytes: bytes.length, records: recordsOf(bytes) };
  });
}

function segmentOf(frame: Buffer) {
  const tcp = ethernetBytes + (frame[ethernetBytes]! & 0x0f) * 4;
  const end = ethernetBytes + frame.readUInt16BE(ethernetBytes + 2);
  return {
    // Both addresses and both ports.
    key: frame.toString('hex', ethernetBytes + 12, ethernetBytes + 20) + frame.toString('hex', tcp, tcp + 4),
    sequence: frame.readUInt32BE(tcp + 4),
    flags: frame[tcp + 13]!,
    payload: frame.subarray(tcp + (frame[tcp + 12]! >> 4) * 4, end),
  };
}

function joined(segments: ReadonlyMap<number, Buffer>): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const [place, bytes] of [...segments].sort(([a], [b]) => a - b)) {
    if (place > at) throw new Error(`capture: ${place - at} bytes are missing at ${at}`);
    parts.push(bytes.subarray(at - place));
    at = Math.max(at, place + bytes.length);
  }
  return Buffer.concat(parts);
}

function recordsOf(bytes: Buffer): readonly TlsRecord[] {
  const records: TlsRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at + 3);
    records.push({ type: bytes[at]!, length });
    at += recordHeaderBytes + length;
    if (at > bytes.length) throw new Error('capture: a record is not complete');
  }
  return records;
}
