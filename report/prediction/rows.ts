import {
  formatBeside,
  formatNumber,
  formatParameter,
  formatValue,
  type ShownUnit,
} from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import type { FirstLimit } from '../../analysis/model/prediction/limits.ts';
import { bytesPerMonth } from '../../analysis/model/prediction/month.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Work } from '../../results/schema/calibration-schema.ts';

/**
 * What a number holds for: `anywhere`, as it follows from protocols and arrivals; `ratios`, as transports compare alike
 * elsewhere; `machine`, only where the calibration was measured.
 */
export type Carries = 'anywhere' | 'ratios' | 'machine';

/** Behind the title of a line. */
export const carriesMarks: Readonly<Record<Carries, string>> = { anywhere: '', ratios: ' c', machine: ' m' };

/** One line of a prediction: a cell for each transport. Terminal, Markdown and pages show the same. */
export type PredictionRow = {
  readonly key: string;
  readonly title: string;
  readonly carries: Carries;
  readonly cells: readonly string[];
};

type RowKind = Omit<PredictionRow, 'cells'> & {
  /** `undefined` where the transport has no such number. */
  readonly of: (prediction: Prediction) => string | undefined;
};

const none = '–';

const kinds: readonly RowKind[] = [
  {
    key: 'interval',
    title: 'Asks every',
    carries: 'anywhere',
    of: ({ pollIntervalMs }) => (pollIntervalMs === undefined ? undefined : formatParameter(pollIntervalMs, 'ms')),
  },
  row('latency.mean', 'Delivery latency, mean', ({ latency }) => latency.mean, 'ms'),
  row('latency.p50', 'Delivery latency, p50', ({ latency }) => latency.p50, 'ms'),
  row('latency.p95', 'Delivery latency, p95', ({ latency }) => latency.p95, 'ms'),
  row('staleness.mean', 'Update unknown for, mean', ({ staleness }) => staleness.mean, 'ms'),
  row('staleness.p50', 'Update unknown for, p50', ({ staleness }) => staleness.p50, 'ms'),
  row('staleness.p95', 'Update unknown for, p95', ({ staleness }) => staleness.p95, 'ms'),
  {
    key: 'stale',
    title: 'Time with a stale view',
    carries: 'anywhere',
    of: ({ staleFraction }) => shareText(staleFraction),
  },
  {
    key: 'tolerance',
    title: 'Within the tolerance',
    carries: 'anywhere',
    of: ({ meetsTolerance }) => (meetsTolerance === undefined ? undefined : meetsTolerance ? 'yes' : 'no'),
  },
  row('requests', 'Requests a second', ({ requestsPerSecond }) => requestsPerSecond, 'count'),
  {
    key: 'empty',
    title: 'Polls that bring nothing',
    carries: 'anywhere',
    of: ({ requestsPerSecond, emptyShare }) => (requestsPerSecond.value === 0 ? undefined : shareText(emptyShare)),
  },
  row('wire.down', 'On the wire, down', ({ downBitsPerSecond }) => downBitsPerSecond, 'bit/s'),
  row('wire.up', 'On the wire, up', ({ upBitsPerSecond }) => upBitsPerSecond, 'bit/s'),
  row('month', 'In a month, both ways', (prediction) => bytesPerMonth(prediction), 'bytes'),
  row('cores.server', 'Server cores', ({ serverCores }) => serverCores, 'count', 'ratios'),
  {
    key: 'nodes',
    title: 'Nodes, 70% busy at most unless given',
    carries: 'machine',
    of: ({ nodes }) => formatNumber(nodes),
  },
  {
    key: 'scaling',
    title: 'They carry, of what one carries',
    carries: 'ratios',
    of: ({ nodes, scaling: { times, contention } }) =>
      nodes === 1
        ? undefined
        : `${formatNumber(times, 2)} times (σ ${contention < leastContention ? 0 : formatNumber(contention, 2)})`,
  },
  row('cores.proxy', 'NGINX cores', ({ proxyCores }) => proxyCores, 'count', 'ratios'),
  {
    key: 'workers',
    title: 'NGINX workers, 70% busy at most',
    carries: 'machine',
    of: ({ proxyWorkers }) => (proxyWorkers === undefined ? undefined : formatNumber(proxyWorkers)),
  },
  row('memory.process', 'Memory of the nodes', ({ memoryBytes }) => memoryBytes, 'bytes', 'ratios'),
  row('memory.proxy', 'Memory of NGINX', ({ proxyMemoryBytes }) => proxyMemoryBytes, 'bytes', 'ratios'),
  {
    key: 'memory.kernel',
    title: 'Memory of the kernel',
    carries: 'machine',
    of: ({ kernelBytes }) => formatValue(kernelBytes, 'bytes'),
  },
  {
    key: 'connections',
    title: 'Connections',
    carries: 'anywhere',
    of: ({ connections }) => formatNumber(connections),
  },
  {
    key: 'limit',
    title: 'Clients until the first limit',
    carries: 'machine',
    of: ({ firstLimit }) => `${formatNumber(roundedClients(firstLimit))} (${limitWords[firstLimit.what]})`,
  },
  {
    key: 'storm',
    title: 'All reconnected within',
    carries: 'machine',
    of: ({ stormSeconds }) => formatValue(stormSeconds * 1000, 'ms'),
  },
  {
    key: 'extrapolation',
    title: 'Beyond the calibration',
    carries: 'machine',
    of: ({ extrapolation }) => extrapolationText(extrapolation),
  },
];

/** A smaller share changes nothing for as many nodes as anybody has. */
const leastContention = 1e-5;

/** Smaller shares do not matter to anybody. */
const leastShare = 1e-4;

function shareText(share: number): string {
  return share > 0 && share < leastShare ? 'under 0.01%' : formatValue(share, 'share');
}

function extrapolationText({ times, of }: Prediction['extrapolation']): string {
  if (times <= 1) return 'no';
  return Number.isFinite(times)
    ? `${formatNumber(times, 2)} times the ${workWords[of]}`
    : `${workWords[of]} were not calibrated`;
}

const limitWords: Readonly<Record<FirstLimit['what'], string>> = {
  'node-core': "a node's core",
  'proxy-core': "NGINX's workers",
  'proxy-ports': 'ports to a node',
};

/** Two digits: it rests on a cost with an interval. */
function roundedClients({ clients }: FirstLimit): number {
  return Number(clients.toPrecision(2));
}

/** The plural of what is counted. */
export const workWords: Readonly<Record<keyof Work, string>> = {
  clients: 'clients',
  updatesPerSecond: 'updates',
  requestsPerSecond: 'requests',
  deliveriesPerSecond: 'deliveries',
  bytesPerSecond: 'bytes',
  publishesPerSecond: 'publishes',
};

/** A row of a value with its interval: `41.3 ms (39.2–43.4)`. */
function row(
  key: string,
  title: string,
  interval: (prediction: Prediction) => Interval | undefined,
  unit: ShownUnit,
  carries: Carries = 'anywhere',
): RowKind {
  return {
    key,
    title,
    carries,
    of: (prediction) => {
      const found = interval(prediction);
      return found && found.value > 0 && Number.isFinite(found.value) ? intervalText(found, unit) : undefined;
    },
  };
}

function intervalText({ value, low, high }: Interval, unit: ShownUnit): string {
  return `${formatValue(value, unit)} (${formatBeside(low, value, unit)}–${formatBeside(high, value, unit)})`;
}

/** The lines that have something to say for at least one transport. */
export function predictionRows(predictions: readonly Prediction[]): readonly PredictionRow[] {
  return kinds
    .map(({ of, ...kind }) => ({ ...kind, found: predictions.map(of) }))
    .filter(({ found }) => found.some((cell) => cell !== undefined))
    .map(({ found, ...kind }) => ({ ...kind, cells: found.map((cell) => cell ?? none) }));
}
