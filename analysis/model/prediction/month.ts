import type { Interval } from '../cost/interval.ts';
import { hoursPerMonth } from '../prices/price-list.ts';
import type { Prediction } from './predict.ts';

const secondsPerMonth = hoursPerMonth * 3600;
const bitsPerByte = 8;

/** Bytes on the wire in a month, both ways. */
export function bytesPerMonth({ upBitsPerSecond, downBitsPerSecond }: Prediction): Interval {
  const of = (part: keyof Interval) =>
    ((upBitsPerSecond[part] + downBitsPerSecond[part]) / bitsPerByte) * secondsPerMonth;
  return { value: of('value'), low: of('low'), high: of('high') };
}
