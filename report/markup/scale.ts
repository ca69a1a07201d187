/** Maps the values from `low` to `high` to places in an SVG. */
export type Scale = { readonly low: number; readonly high: number; readonly at: (value: number) => number };

/** A logarithmic scale from `low` at `start` to `high` at `end`; `low` must be above 0. */
export function logScale(low: number, high: number, start: number, end: number): Scale {
  const at = (value: number) => start + (Math.log(value / low) / Math.log(high / low)) * (end - start);
  return { low, high, at };
}

/** 1, 2 and 5 of each decade within the scale; only the 1 if that would be more than `most` ticks. */
export function logTicks({ low, high }: Scale, most: number): readonly number[] {
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

/** A linear scale from 0 at `start` to `high` at `end`. */
export function linearScale(high: number, start: number, end: number): Scale {
  return { low: 0, high, at: (value) => start + (value / high) * (end - start) };
}

/** At most eight round steps from 0 to `high`. */
export function linearTicks({ high }: Scale): readonly number[] {
  const decade = 10 ** Math.floor(Math.log10(high / 8));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((size) => high / size <= 8) ?? high;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step);
}

/** A coordinate as text. Two decimals are finer than a pixel. */
export function place(value: number): string {
  return String(Number(value.toFixed(2)));
}
