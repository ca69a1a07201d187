/** Maps a positive value to a place; both ends are values that it reaches. */
export type LogScale = { readonly low: number; readonly high: number; readonly at: (value: number) => number };

/** Logarithmic from `low` at `start` to `high` at `end`. */
export function logScale(low: number, high: number, start: number, end: number): LogScale {
  const at = (value: number) => start + (Math.log(value / low) / Math.log(high / low)) * (end - start);
  return { low, high, at };
}

/** 1, 2 and 5 of every decade within the scale, without 2 and 5 where that would be more than `most`. */
export function logTicks({ low, high }: LogScale, most: number): readonly number[] {
  for (const steps of [[1, 2, 5], [1]]) {
    const ticks = decades(low, high).flatMap((decade) => steps.map((step) => step * decade));
    const within = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
    if (within.length <= most) return within;
  }
  return decades(low, high);
}

function decades(low: number, high: number): readonly number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** Two decimals are below a pixel. */
export function place(value: number): string {
  return String(Number(value.toFixed(2)));
}
