/** A value and its 95% interval. */
export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** Give or take a share of the value, or an absolute amount if that is more. */
export function within(value: number, share: number, least = 0): Interval {
  const reach = Math.max(value * share, least);
  return { value, low: Math.max(0, value - reach), high: value + reach };
}

export function scaled({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low * factor, high: high * factor };
}
