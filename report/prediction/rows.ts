import { layerTitles, wireLayers } from '../../analysis/figures/byte-layers.ts';
import {
  formatBeside,
  formatNumber,
  formatParameter,
  formatValue,
  type ShownUnit,
} from '../../analysis/figures/format.ts';
import { type Interval, scaled } from '../../analysis/model/cost/interval.ts';
import { bytesPerMonth } from '../../analysis/model/prediction/month.ts';
import type { FirstLimit, Prediction } from '../../analysis/model/prediction/predict.ts';
import { coresInAll, layerShares, memoryInAll } from '../../analysis/model/prediction/totals.ts';
import type { Work } from '../../results/schema/calibration-schema.ts';

/** One number of one transport; `beside`: its interval, or what decides it. */
export type Cell = { readonly text: string; readonly beside?: string };

/** One line of a prediction: a cell for each transport. Terminal, Markdown and pages show the same. */
export type PredictionRow = {
  readonly key: string;
  readonly title: string;
  readonly cells: readonly Cell[];
};

/** Lines that hold for the same: beside each stands where. */
export type PredictionGroup = {
  readonly title: string;
  /** Where the numbers are from, and where they hold. */
  readonly holds: string;
  readonly rows: readonly PredictionRow[];
};

/** In one line, where nothing stands below anything: `41.3 ms (39.2–43.4)`. */
export function cellText({ text, beside }: Cell): string {
  return beside === undefined ? text : `${text} (${beside})`;
}

type RowKind = Omit<PredictionRow, 'cells'> & {
  /** `undefined` where the transport has no such number. */
  readonly of: (prediction: Prediction) => Cell | undefined;
};

const none: Cell = { text: '–' };

type GroupKind = Omit<PredictionGroup, 'rows'> & { readonly kinds: readonly RowKind[] };

/** How late updates are. Staleness has lines of its own only where it differs, as under `latest`. */
function clientsGroup(isLatency: boolean): GroupKind {
  const latency = isLatency ? 'Delivery latency and staleness' : 'Delivery latency';
  return {
    title: 'What clients see',
    holds:
      'without loss and jitter; holds anywhere but for the wait for sends to others, which is CPU time of the calibrated machine',
    kinds: [
      row('interval', 'Asks every', ({ pollIntervalMs: ms }) => ms && { text: formatParameter(ms, 'ms') }),
      interval('latency.mean', `${latency}, mean`, 'ms', ({ latency: { mean } }) => mean),
      interval('latency.p50', `${latency}, p50`, 'ms', ({ latency: { p50 } }) => p50),
      interval('latency.p95', `${latency}, p95`, 'ms', ({ latency: { p95 } }) => p95),
      interval('fanOut', 'Of the mean, waiting for sends to others', 'ms', ({ fanOutMs }) => fanOutMs),
      ...(isLatency
        ? []
        : [
            interval('staleness.mean', 'An update is unknown for, mean', 'ms', ({ staleness: { mean } }) => mean),
            interval('staleness.p50', 'An update is unknown for, p50', 'ms', ({ staleness: { p50 } }) => p50),
            interval('staleness.p95', 'An update is unknown for, p95', 'ms', ({ staleness: { p95 } }) => p95),
          ]),
      interval('staleness.longest', 'An update is unknown for, at most', 'ms', (found) => found.longestStaleness),
      row('tolerance', 'Within the tolerance', ({ tolerance }) => tolerance && { text: toleranceWords[tolerance] }),
      row('stale', 'Time with a stale view', ({ staleFraction }) => shareCell(staleFraction)),
    ],
  };
}

const networkGroup: GroupKind = {
  title: 'On the network',
  holds:
    'follows from arrivals and protocols, and holds anywhere; as clients send and receive it, with heartbeats, without connecting',
  kinds: [
    interval('requests', 'Polls a second', 'count', ({ requestsPerSecond }) => requestsPerSecond),
    row('empty', 'Polls that bring nothing', ({ requestsPerSecond, emptyShare }) =>
      requestsPerSecond.value === 0 ? undefined : shareCell(emptyShare),
    ),
    interval('deliveries', 'Deliveries a second', 'count', ({ deliveriesPerSecond }) => deliveriesPerSecond),
    row('publishes', 'Messages of clients a second', ({ publishesPerSecond, transport }) =>
      publishesPerSecond === 0
        ? undefined
        : { text: formatNumber(publishesPerSecond), beside: transport === 'websocket' ? 'frames' : 'POSTs' },
    ),
    interval('wire.down', 'On the wire, down', 'bit/s', ({ downBitsPerSecond }) => downBitsPerSecond),
    interval('wire.up', 'On the wire, up', 'bit/s', ({ upBitsPerSecond }) => upBitsPerSecond),
    interval('month', 'In a month, both ways', 'bytes', bytesPerMonth),
    ...wireLayers.map((layer) =>
      row(`layer.${layer}`, `Of that, ${layerTitles[layer]}`, (found) => shareCell(layerShares(found)[layer])),
    ),
    row('connections', 'Connections', ({ connections }) => ({ text: formatNumber(connections) })),
  ],
};

const serversGroup: GroupKind = {
  title: 'What servers need',
  holds: 'on the calibrated machine; elsewhere it says no more than how transports compare',
  kinds: [
    interval('cores.server', 'Cores of the nodes', 'count', ({ serverCores }) => serverCores),
    interval('cores.proxy', 'Cores of NGINX', 'count', ({ proxyCores }) => proxyCores),
    interval('cores', 'Cores in all', 'count', (found) => found.proxyCores && coresInAll(found)),
    interval('memory.process', 'Memory of the nodes', 'bytes', ({ memoryBytes }) => memoryBytes),
    interval('memory.proxy', 'Memory of NGINX', 'bytes', ({ proxyMemoryBytes }) => proxyMemoryBytes),
    row('memory.kernel', 'Memory of the kernel', ({ kernelBytes }) => ({ text: formatValue(kernelBytes, 'bytes') })),
    interval('memory', 'Memory in all', 'bytes', memoryInAll),
  ],
};

const sizesGroup: GroupKind = {
  title: 'How many, and how far',
  holds: 'for the calibrated machine alone; nodes and workers are planned to be busy for 70% of the time',
  kinds: [
    row('nodes', 'Nodes', ({ nodes, nodesFor, sizes: { low, high } }) =>
      countCell(nodes, { low: low.nodes, high: high.nodes }, nodesWords[nodesFor]),
    ),
    row('scaling', 'They carry the load of one', ({ nodes, scaling: { times } }) =>
      nodes === 1 ? undefined : { text: `${formatNumber(times, 2)} times` },
    ),
    row('workers', 'Workers of NGINX', ({ proxyWorkers, sizes: { low, high } }) =>
      proxyWorkers === undefined ? undefined : countCell(proxyWorkers, { low: low.workers, high: high.workers }),
    ),
    row('limit', 'Clients until they are full', ({ firstLimit: { what, clients }, overload }) =>
      overload === 'sends' ? undefined : withReason(intervalCell(inTwoDigits(clients), 'count'), limitWords[what]),
    ),
    row('storm', 'All reconnected within', ({ stormSeconds, stormBy }) =>
      withReason(intervalCell(scaled(stormSeconds, 1000), 'ms'), stormWords[stormBy]),
    ),
    row('extrapolation', 'Beyond the calibration', ({ extrapolation }) => extrapolationCell(extrapolation)),
  ],
};

const toleranceWords: Readonly<Record<NonNullable<Prediction['tolerance']>, string>> = {
  kept: 'yes',
  likely: 'probably',
  unlikely: 'probably not',
  missed: 'no',
};

const nodesWords: Readonly<Record<Prediction['nodesFor'], string>> = {
  given: 'as given',
  one: '',
  ports: 'NGINX ports',
  cpu: 'for CPU',
};

const limitWords: Readonly<Record<FirstLimit['what'], string>> = {
  'node-core': 'node CPU',
  'proxy-core': 'NGINX CPU',
  'proxy-ports': 'NGINX ports',
};

const stormWords: Readonly<Record<Prediction['stormBy'], string>> = {
  'node-cpu': 'node CPU',
  'proxy-cpu': 'NGINX CPU',
  'round-trips': 'round trips',
};

/** A number of processes, how many the ends of the interval of CPU ask for, and why. */
function countCell(value: number, ends: Omit<Interval, 'value'>, why = ''): Cell {
  return withReason(intervalCell({ value, ...ends }, 'count'), why);
}

function withReason({ text, beside = '' }: Cell, why: string): Cell {
  const all = [beside, why].filter((part) => part !== '').join(', ');
  return { text, ...(all !== '' && { beside: all }) };
}

/** Smaller shares do not matter to anybody. */
const leastShare = 1e-4;

function shareCell(share: number): Cell | undefined {
  if (Number.isNaN(share)) return undefined;
  return { text: share > 0 && share < leastShare ? 'under 0.01%' : formatValue(share, 'share') };
}

function extrapolationCell({ times, of }: Prediction['extrapolation']): Cell {
  if (times <= 1) return { text: 'no' };
  return { text: Number.isFinite(times) ? `${formatNumber(times, 2)} times` : 'unknown', beside: workWords[of] };
}

/** It rests on a cost with an interval. */
function inTwoDigits({ value, low, high }: Interval): Interval {
  const rounded = (clients: number) => Number(clients.toPrecision(2));
  return { value: rounded(value), low: rounded(low), high: rounded(high) };
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

/** `of`: nothing and 0 where there is no such number. */
function row(key: string, title: string, of: (prediction: Prediction) => Cell | 0 | undefined): RowKind {
  return { key, title, of: (prediction) => of(prediction) || undefined };
}

/** A row of a value with its interval, if that has a width. */
function interval(
  key: string,
  title: string,
  unit: ShownUnit,
  of: (prediction: Prediction) => Interval | undefined,
): RowKind {
  return row(key, title, (prediction) => {
    const found = of(prediction);
    return found && found.value > 0 && Number.isFinite(found.value) ? intervalCell(found, unit) : undefined;
  });
}

/** A value and its interval at the same scale; the interval only if it has a width. */
export function intervalCell({ value, low, high }: Interval, unit: ShownUnit): Cell {
  const text = formatValue(value, unit);
  const [from, to] = [low, high].map((end) => formatBeside(end, value, unit)) as [string, string];
  if (from === to) return { text };
  return { text, beside: Number.isFinite(high) ? `${from}–${to}` : `${from} or more` };
}

/** The lines that have something to say for at least one transport. */
export function predictionGroups(predictions: readonly Prediction[]): readonly PredictionGroup[] {
  const kinds = [clientsGroup(predictions.every(isStaleAsLate)), networkGroup, serversGroup, sizesGroup];
  return kinds.map(({ kinds: rows, ...group }) => ({ ...group, rows: rowsOf(rows, predictions) }));
}

function isStaleAsLate({ latency, staleness }: Prediction): boolean {
  return (['mean', 'p50', 'p95'] as const).every((part) => latency[part].value === staleness[part].value);
}

function rowsOf(kinds: readonly RowKind[], predictions: readonly Prediction[]): readonly PredictionRow[] {
  return kinds
    .map(({ of, ...kind }) => ({ ...kind, found: predictions.map(of) }))
    .filter(({ found }) => found.some((cell) => cell !== undefined))
    .map(({ found, ...kind }) => ({ ...kind, cells: found.map((cell) => cell ?? none) }));
}
