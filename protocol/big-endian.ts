/**
 * Unsigned big-endian integers. Shifts wrap beyond 31 bits, so the highest bytes are multiplied. Readers do not check
 * that the bytes are there; writers throw a `RangeError` for what is no whole number or does not fit.
 */

const highestU32 = 2 ** 32 - 1;
const highestU48 = 2 ** 48 - 1;

export function readU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

export function readU48(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 8) | bytes[at + 1]!) * 2 ** 32 + readU32(bytes, at + 2);
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  if (!isWithin(value, highestU32)) throw new RangeError(`${value} is no whole number from 0 to ${highestU32}`);
  writeLow32(bytes, at, value);
}

export function writeU48(bytes: Uint8Array, at: number, value: number): void {
  if (!isWithin(value, highestU48)) throw new RangeError(`${value} is no whole number from 0 to ${highestU48}`);
  const high = Math.floor(value / 2 ** 32);
  bytes[at] = high >>> 8;
  bytes[at + 1] = high;
  writeLow32(bytes, at + 2, value);
}

/** The lowest 32 bits: `>>>` takes a number modulo 2^32. */
function writeLow32(bytes: Uint8Array, at: number, value: number): void {
  const low = value >>> 0;
  bytes[at] = low >>> 24;
  bytes[at + 1] = low >>> 16;
  bytes[at + 2] = low >>> 8;
  bytes[at + 3] = low;
}

function isWithin(value: number, highest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= highest;
}
