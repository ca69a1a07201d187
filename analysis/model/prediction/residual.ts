import type { FigureKey } from '../../figures/figures.ts';
import type { FigureValues } from '../../validity/assessment.ts';
import { type Interval, scaled } from '../cost/interval.ts';
import type { Prediction } from './predict.ts';

/** What was measured: figures, and bytes of memory of the nodes with all clients connected. */
export type MeasuredValues = Partial<FigureValues> & { readonly memory?: number | undefined };

/** One number that both a prediction and a trial have. */
export type Residual = {
  readonly key: FigureKey | 'memory';
  readonly title: string;
  readonly unit: 'ms' | 'bytes' | 'count' | 'ms/s';
  readonly expected: Interval;
  /** `undefined`: not measured. */
  readonly measured: number | undefined;
  /** How far the prediction is from what was measured, as a share of it: 0.1 is a prediction that is 10% too large. */
  readonly off: number | undefined;
  /** Whether what was measured lies in the interval. */
  readonly isWithin: boolean;
};

/** What a model expected beside what was measured, without amounts that it expects none of. */
export function residualsOf(prediction: Prediction, found: MeasuredValues, clients: number): readonly Residual[] {
  return compared.flatMap(({ title, key, unit, of }) => {
    const expected = of(prediction, clients);
    return expected.value === 0 ? [] : [{ key, title, unit, expected, ...against(expected, found[key]) }];
  });
}

function against({ value, low, high }: Interval, measured: number | undefined) {
  const isKnown = measured !== undefined && measured > 0;
  return {
    measured,
    off: isKnown ? value / measured - 1 : undefined,
    isWithin: measured !== undefined && measured >= low && measured <= high,
  };
}

type Compared = Pick<Residual, 'key' | 'title' | 'unit'> & {
  readonly of: (prediction: Prediction, clients: number) => Interval;
};

const secondsPerMinute = 60;
const bitsPerByte = 8;

const compared: readonly Compared[] = [
  { title: 'latency, mean', key: 'latency.mean', unit: 'ms', of: ({ latency }) => latency.mean },
  { title: 'latency, p50', key: 'latency.p50', unit: 'ms', of: ({ latency }) => latency.p50 },
  { title: 'staleness, mean', key: 'staleness', unit: 'ms', of: ({ staleness }) => staleness.mean },
  {
    title: 'requests of a client, a minute',
    key: 'requests',
    unit: 'count',
    of: ({ requestsPerSecond, publishesPerSecond, transport }, clients) => {
      const publishes = transport === 'websocket' ? 0 : publishesPerSecond;
      return perClient(shifted(requestsPerSecond, publishes), clients);
    },
  },
  {
    title: 'wire, down, of a client a minute',
    key: 'bytes.wire.down',
    unit: 'bytes',
    of: ({ downBitsPerSecond }, clients) => perClient(downBitsPerSecond, clients * bitsPerByte),
  },
  {
    title: 'wire, up, of a client a minute',
    key: 'bytes.wire.up',
    unit: 'bytes',
    of: ({ upBitsPerSecond }, clients) => perClient(upBitsPerSecond, clients * bitsPerByte),
  },
  {
    title: 'server CPU',
    key: 'cpu.serving',
    unit: 'ms/s',
    of: ({ serverCores, proxyCores }) => {
      const of = (part: keyof Interval) => 1000 * (serverCores[part] + (proxyCores?.[part] ?? 0));
      return { value: of('value'), low: of('low'), high: of('high') };
    },
  },
  { title: 'memory of the nodes', key: 'memory', unit: 'bytes', of: ({ memoryBytes }) => memoryBytes },
];

function perClient(amount: Interval, by: number): Interval {
  return scaled(amount, secondsPerMinute / by);
}

function shifted({ value, low, high }: Interval, by: number): Interval {
  return { value: value + by, low: low + by, high: high + by };
}
