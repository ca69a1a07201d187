/** Whole numbers from 0 up as decimal ASCII digits. Below 2^53; larger ones are not exact. */

const zero = 0x30;
/** Beyond, `|` would wrap. */
const highestInt32 = 0x7fff_ffff;

/** How many digits `value` has. */
export function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}

/** Writes all digits of `value` so that they end before `end`. */
export function writeDigits(bytes: Uint8Array, end: number, value: number): void {
  let at = end;
  let high = value;
  while (high > highestInt32) {
    const rest = Math.floor(high / 10);
    bytes[--at] = zero + (high - rest * 10);
    high = rest;
  }
  let left = high | 0;
  do {
    const rest = (left / 10) | 0;
    bytes[--at] = zero + (left - rest * 10);
    left = rest;
  } while (left > 0);
}
