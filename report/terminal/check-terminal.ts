import type { ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import type { FigureKey } from '../../analysis/figures/figures.ts';
import { formatNumber, formatValue, unknownText } from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { transportTitles } from '../../protocol/transport.ts';

/** One number that both a prediction and a trial have, in the unit of the figure. */
type Checked = {
  readonly title: string;
  readonly key: FigureKey;
  readonly unit: 'ms' | 'bytes' | 'count' | 'ms/s';
  readonly of: (prediction: Prediction, clients: number) => Interval | undefined;
};

const secondsPerMinute = 60;
const bitsPerByte = 8;

const checked: readonly Checked[] = [
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
];

function perClient({ value, low, high }: Interval, by: number): Interval {
  const of = (amount: number) => (amount / by) * secondsPerMinute;
  return { value: of(value), low: of(low), high: of(high) };
}

function shifted({ value, low, high }: Interval, by: number): Interval {
  return { value: value + by, low: low + by, high: high + by };
}

const widths = [14, 34, 12, 12, 9] as const;

/** Predicted and measured beside each other: the median of the repeats, and by how much the prediction was off. */
export function renderCheck(predictions: readonly Prediction[], scenario: ScenarioAnalysis): string {
  const { clients, channels } = scenario.planned.scenario;
  const head = line(['', '', 'predicted', 'measured', 'off by', '']);
  const rows = predictions.flatMap((prediction) => {
    const row = scenario.transports.find(({ transport }) => transport === prediction.transport);
    return row ? checked.flatMap((each) => rowOf(each, prediction, row, clients)) : [];
  });
  return `${[`Predicted and measured, ${clients} clients in ${channels} channels`, '', head, ...rows].join('\n')}\n`;
}

function rowOf({ title, key, unit, of }: Checked, prediction: Prediction, row: TransportAnalysis, clients: number) {
  const expected = of(prediction, clients);
  const found = row.medians[key];
  if (!expected || expected.value === 0) return [];
  const off = found === undefined || found === 0 ? undefined : expected.value / found - 1;
  const isWithin = found !== undefined && found >= expected.low && found <= expected.high;
  return [
    line([
      transportTitles[prediction.transport],
      title,
      formatValue(expected.value, unit),
      found === undefined ? unknownText : formatValue(found, unit),
      off === undefined ? unknownText : `${off > 0 ? '+' : ''}${formatNumber(off * 100, 2)}%`,
      isWithin ? 'within the interval' : '',
    ]),
  ];
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, place) => (place < 2 ? cell.padEnd(widths[place]!) : cell.padStart(widths[place] ?? 0)))
    .join('  ')
    .trimEnd();
}
