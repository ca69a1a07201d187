import { inflateSync } from 'node:zlib';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { reasonOf } from '../../text/reason.ts';

/** Some thousand buckets that differ from zero; a recorder's own encodings have at most some hundred kilobytes. */
const mostBytes = 1024 * 1024;
/** What a recorder uses; more digits would take memory by powers of ten. */
const mostDigits = 3;
/** A day in microseconds. */
const highestUs = 24 * 60 * 60 * 1_000_000;

/** Cookies of HdrHistogram V2 with its usual word size. */
const cookies = { compressed: 0x1c849314, plain: 0x1c849313 };
const compressedHeaderBytes = 8;
const headerBytes = 40;
/** More than three digits up to a day take. */
const mostCells = 1 << 17;

/**
 * Why an encoded distribution of `count` values cannot be decoded within bounded memory; `undefined` if it can. The
 * format is HdrHistogram V2, compressed, as base64 (github.com/HdrHistogram/HdrHistogram, `encodeIntoCompressedByteBuffer`).
 */
export function encodingFault(encoded: string, count: number): string | undefined {
  // Nothing decodes it then.
  if (count === 0) return undefined;
  if (encoded.length > mostBytes) return `has more than ${mostBytes} characters`;
  try {
    const bytes = Buffer.from(encoded, 'base64');
    // The library reads characters that are not base64 in another way than Node.js.
    if (bytes.toString('base64') !== encoded) return 'is no base64';
    const plain = inflated(bytes);
    if (plain === undefined) return 'is no compressed HdrHistogram';
    if (isTooFine(plain)) return `has more than ${mostDigits} digits, or reaches beyond a day`;
    if (!fits(plain)) return 'has more counts than a distribution';
    const { totalCount } = decodeFromCompressedBase64(encoded);
    return totalCount === count ? undefined : `holds ${totalCount} values, not ${count}`;
  } catch (error) {
    return `cannot be decoded (${(error as NodeJS.ErrnoException).code ?? reasonOf(error)})`;
  }
}

/**
 * The first distribution in a record that cannot be decoded: its field and why; `undefined` if all can. Looked for by
 * shape, so that one in a new field is found, too.
 */
export function undecodable(record: unknown, field = ''): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined;
  const { encoded, count } = record as Readonly<Record<string, unknown>>;
  if (typeof encoded === 'string' && typeof count === 'number') {
    const fault = encodingFault(encoded, count);
    return fault && `${field}.encoded: ${fault}`;
  }
  for (const [key, value] of Object.entries(record)) {
    const found = undecodable(value, field === '' ? key : `${field}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The uncompressed encoding; `undefined` if this is none. Throws if it is damaged or far too long. */
function inflated(bytes: Buffer): Buffer | undefined {
  if (bytes.length < compressedHeaderBytes || bytes.readInt32BE(0) !== cookies.compressed) return undefined;
  if (bytes.readInt32BE(4) !== bytes.length - compressedHeaderBytes) return undefined;
  const plain = inflateSync(bytes.subarray(compressedHeaderBytes), { maxOutputLength: mostBytes });
  return plain.length >= headerBytes && plain.readInt32BE(0) === cookies.plain ? plain : undefined;
}

/** Whether decoding would take a large array: its size follows from digits and highest value alone. */
function isTooFine(plain: Buffer): boolean {
  const digits = plain.readInt32BE(12);
  const highest = plain.readBigInt64BE(24);
  return digits < 0 || digits > mostDigits || highest < 2n || highest > BigInt(highestUs);
}

/**
 * Whether the counts are as long as the header says and fill no more cells than a distribution has. Each is a
 * ZigZag-encoded LEB128 number; a negative one stands for so many zeros.
 */
function fits(plain: Buffer): boolean {
  if (plain.readInt32BE(4) !== plain.length - headerBytes) return false;
  let cells = 0;
  for (let at = headerBytes; at < plain.length; ) {
    // The lowest bit is the sign; a number that is too large for a double would lose it.
    const isNegative = (plain[at]! & 1) === 1;
    let value = 0;
    let hasMore = true;
    for (let factor = 1; hasMore && factor < 2 ** 63; factor *= 128) {
      const byte = plain[at++] ?? 0;
      value += (byte & 0x7f) * factor;
      hasMore = byte > 0x7f;
    }
    cells += isNegative ? (value + 1) / 2 : 1;
    if (cells > mostCells) return false;
  }
  return true;
}
