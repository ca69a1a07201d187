const poolBytes = 8 * 1024;
/** Parts begin at multiples of this, so that copies into them stay fast. */
const alignmentBytes = 8;

let pool = new ArrayBuffer(poolBytes);
let used = 0;

/**
 * `length` zero bytes, for what is made often: an array of more than 64 bytes with memory of its own takes several
 * times as long. Short ones share memory, so one that is kept keeps up to 8 KiB, and its `buffer` holds others.
 */
export function takeBytes(length: number): Uint8Array {
  if (length > poolBytes / 2) return new Uint8Array(length);
  if (used + length > poolBytes) {
    pool = new ArrayBuffer(poolBytes);
    used = 0;
  }
  const bytes = new Uint8Array(pool, used, length);
  used = Math.ceil((used + length) / alignmentBytes) * alignmentBytes;
  return bytes;
}
