import type { FoundCapacity, LoadReading } from '../../analysis/capacity/capacity.ts';
import type { Cause, LoadWindow } from '../../analysis/capacity/objective.ts';
import { formatNumber, formatParameter, formatValue, unknownText } from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';

/** `p99 below 250 ms`. */
export function objectiveText({ objective: { quantile, limitMs } }: Pick<CapacityPlan, 'objective'>): string {
  return `${quantileName(quantile)} below ${formatParameter(limitMs, 'ms')}`;
}

function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(6))}`;
}

/** What is asked: `Chat room: how many updates a second in each channel one server carries with latency p99 below 250 ms`. */
export function capacityHeading(title: string, plan: CapacityPlan): string {
  const what = plan.over === 'clients' ? 'how many clients' : 'how many updates a second in each channel';
  return `${title}: ${what} one server carries with a delivery latency of ${objectiveText(plan)}`;
}

export function loadText({ over }: Pick<CapacityPlan, 'over'>, load: number): string {
  return over === 'clients' ? formatNumber(load) : `${formatNumber(load, 4)}/s`;
}

/** Progress: what the windows at a load showed. */
export function readingLine(
  transport: Transport,
  plan: Pick<CapacityPlan, 'over' | 'objective'>,
  { load, windows }: LoadReading,
): string {
  const good = windows.filter(({ cause }) => cause === undefined).length;
  const count = windows.length === 1 ? '1 window' : `${windows.length} windows`;
  const cores = `server ${share(middle(windows, ({ serverShare }) => serverShare))}, load ${share(middle(windows, ({ loadShare }) => loadShare))}`;
  const latency = middle(
    windows.filter(({ latencyMs }) => latencyMs !== undefined),
    ({ latencyMs }) => latencyMs!,
  );
  const shown =
    latency === undefined
      ? 'nothing to judge'
      : `${quantileName(plan.objective.quantile)} ${formatValue(latency, 'ms')}`;
  const unit = plan.over === 'clients' ? ' clients' : '';
  return `${transportTitles[transport]} at ${loadText(plan, load)}${unit}: ${good} of ${count} good, ${shown}, ${cores}`;
}

function share(value: number | undefined): string {
  return value === undefined ? unknownText : `${Math.round(value * 100)}%`;
}

/** The median, the lower of two. */
function middle(windows: readonly LoadWindow[], of: (window: LoadWindow) => number): number | undefined {
  const sorted = windows.map(of).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

const causeTexts: Readonly<Record<Cause, string>> = {
  server: "the server's core",
  load: 'the load processes, so the server carries more',
  relay: 'the relay that delays the path, so the server carries more',
  source: 'the source of updates, so the server carries more',
  failed: 'windows that failed',
  none: 'no core was full',
};

/** What was the limit, in a few words. */
export function limitText({ result, limit }: FoundCapacity, plan: CapacityPlan): string {
  if (result.kind === 'all-carried') return plan.mostBy === '--to' ? 'more was not asked for' : plan.mostBy;
  if (result.kind === 'unfinished' && limit === undefined) return 'the time was over';
  const cause = limit === undefined ? unknownText : causeTexts[limit];
  return result.kind === 'unfinished' ? `${cause}; the time was over` : cause;
}

/** Cells of a row: carried, not carried, interval, delivered in time, predicted. */
export function capacityCells(
  found: FoundCapacity,
  plan: CapacityPlan,
  predicted: Interval | undefined,
): readonly string[] {
  const { result, interval, conditional } = found;
  const { lower, upper, kind } = result;
  const load = (value: number | undefined) => (value === undefined ? unknownText : loadText(plan, value));
  return [
    kind === 'none-carried' ? 'none' : load(lower),
    load(upper),
    interval ? `${load(interval.low)} to ${load(interval.high)}` : unknownText,
    load(conditional),
    predictedText(predicted, plan),
  ];
}

export const capacityColumns = ['carried', 'not carried', '95% interval', 'in time', 'predicted'] as const;

function predictedText(predicted: Interval | undefined, plan: CapacityPlan): string {
  if (!predicted) return unknownText;
  if (predicted.value === 0) return 'none';
  return loadText(plan, Number(predicted.value.toPrecision(3)));
}

/** One sentence for each search. */
export function conclusion(found: FoundCapacity, plan: CapacityPlan): string {
  const { result, bestMs, transport } = found;
  const name = transportTitles[transport];
  const unit = plan.over === 'clients' ? ' clients' : '';
  const [lower, upper] = [result.lower, result.upper].map((load) =>
    load === undefined ? undefined : `${loadText(plan, load)}${unit}`,
  );
  const limit = limitText(found, plan);
  switch (result.kind) {
    case 'regular':
      return `${name} carries ${lower}, and typically fails at ${upper}. The limit: ${limit}.`;
    case 'all-carried':
      return `${name} carries ${lower}, the most that was tried (${limit}): it may carry more.`;
    case 'none-carried':
      return `${name} does not even carry ${upper}: the best window had ${quantileName(plan.objective.quantile)} ${
        bestMs === undefined ? 'unknown' : formatValue(bestMs, 'ms')
      }. The limit: ${limit}.`;
    case 'unfinished':
      return unfinishedText(name, lower, upper);
  }
}

function unfinishedText(name: string, lower: string | undefined, upper: string | undefined): string {
  const known =
    lower === undefined && upper === undefined
      ? 'nothing is known yet'
      : [lower && `it carries ${lower}`, upper && `it fails at ${upper}`].filter(Boolean).join(', and ');
  return `${name}: the time was over, ${known}. Give a longer --within.`;
}

/** By how much two searches of a transport differ, as a sentence; `undefined` unless there are several that found bounds. */
export function agreementText(all: readonly FoundCapacity[]): string | undefined {
  const transports = [...new Set(all.map(({ transport }) => transport))];
  const parts = transports.flatMap((transport) => {
    const lowers = all.filter((each) => each.transport === transport).flatMap(({ result }) => result.lower ?? []);
    if (lowers.length < 2) return [];
    return [`${transportTitles[transport]} ${formatNumber((Math.max(...lowers) / Math.min(...lowers) - 1) * 100, 2)}%`];
  });
  return parts.length === 0 ? undefined : `Between searches of one transport: ${parts.join(', ')}.`;
}

/** How to read the columns. */
export const capacityNotes: readonly string[] = [
  'carried, not carried: bounds by RFC 9971, each by at least 21 s of windows, of which half may be bad. The smallest load ' +
    'that is not carried wins.',
  '95% interval: of the load at which half of all windows are bad, by all windows of the search; noise and drift of the ' +
    'machine are in it.',
  'in time: what is typically delivered in time at the load that is carried (conditional throughput).',
  "predicted: where the calibration has the server's core full.",
];
