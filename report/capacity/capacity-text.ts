import type { FoundCapacity, LoadReading } from '../../analysis/capacity/capacity.ts';
import type { Cause } from '../../analysis/capacity/objective.ts';
import type { RoughBounds } from '../../analysis/capacity/search.ts';
import { formatNumber, formatParameter, formatValue, unknownText } from '../../analysis/figures/format.ts';
import type { Interval } from '../../analysis/model/cost/interval.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { CapacityPlan, ClosedLoopRecord } from '../../results/schema/capacity-schema.ts';
import type { CapacityOutcome } from './capacity-outcome.ts';

/** `p99 below 250 ms`. */
export function objectiveText({ objective: { quantile, limitMs } }: Pick<CapacityPlan, 'objective'>): string {
  return `${quantileName(quantile)} below ${formatParameter(limitMs, 'ms')}`;
}

function quantileName(quantile: number): string {
  return `p${Number((quantile * 100).toPrecision(6))}`;
}

/** What is searched for: `updates a second in each channel, with a delivery latency of p99 below 250 ms`. */
export function searchedText(plan: CapacityPlan): string {
  const what = plan.over === 'clients' ? 'clients' : 'updates a second in each channel';
  const quota = plan.serverCpus === undefined ? '' : ` and ${quotaText(plan)}`;
  return `${what}, with a delivery latency of ${objectiveText(plan)}${quota}`;
}

/** `0.5 CPUs for the server`. */
function quotaText({ serverCpus }: Pick<CapacityPlan, 'serverCpus'>): string {
  return `${formatNumber(serverCpus!)} CPUs for the server`;
}

export function capacityHeading({ title, nodes }: Pick<CapacityOutcome, 'title' | 'nodes'>): string {
  return `${title}: how much ${nodes === 1 ? 'does one server' : `do ${nodes} servers`} carry?`;
}

export function carriedHeading({ nodes }: Pick<CapacityOutcome, 'nodes'>): string {
  return `What ${nodes === 1 ? 'one server carries' : `${nodes} servers carry`}`;
}

export function loadText({ over }: Pick<CapacityPlan, 'over'>, load: number): string {
  return over === 'clients' ? formatNumber(load) : `${formatNumber(load, 4)}/s`;
}

/** What the windows at a load showed, by their medians. */
export function readingCells({ load, windows }: LoadReading, plan: Pick<CapacityPlan, 'over'>) {
  const latency = middle(windows.flatMap(({ latencyMs }) => latencyMs ?? []));
  return {
    load: loadText(plan, load),
    good: `${windows.filter(({ cause }) => cause === undefined).length} of ${windows.length}`,
    latency: latency === undefined ? unknownText : formatValue(latency, 'ms'),
    server: share(middle(windows.map(({ serverShare }) => serverShare))),
    loadSide: share(middle(windows.map(({ loadShare }) => loadShare))),
  };
}

/** The same as one line of progress. */
export function readingLine(
  transport: Transport,
  plan: Pick<CapacityPlan, 'over' | 'objective' | 'searches'>,
  reading: LoadReading,
  search: number,
): string {
  const { load, good, latency, server, loadSide } = readingCells(reading, plan);
  const unit = plan.over === 'clients' ? ' clients' : '';
  const of = plan.searches === 1 ? '' : ` (search ${search + 1})`;
  const at = `${transportTitles[transport]}${of} at ${load}${unit}`;
  const shown = `${quantileName(plan.objective.quantile)} ${latency}`;
  return `${at}: ${good} ${reading.windows.length === 1 ? 'window' : 'windows'} good, ${shown}, server ${server}, load side ${loadSide}`;
}

function share(value: number | undefined): string {
  return value === undefined ? unknownText : `${Math.round(value * 100)}%`;
}

/** The median, the lower of two. */
export function middle(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

const causeTexts: Readonly<Record<Cause, string>> = {
  server: "the server's core",
  load: 'the core of the load processes',
  relay: 'the core of the relay that delays the path',
  source: 'the core of the source of updates',
  failed: 'windows that failed',
  none: 'no core',
};

function causeText(cause: Cause, plan: CapacityPlan): string {
  return cause === 'server' && plan.serverCpus !== undefined ? `the quota of ${quotaText(plan)}` : causeTexts[cause];
}

/** What is not of the server: behind these limits it may carry more. */
const instruments: ReadonlySet<Cause> = new Set(['load', 'relay', 'source', 'failed']);

/** Whether the upper bound says nothing about the server, because something else was the limit. */
function isAtLeast({ limit, result }: FoundCapacity): boolean {
  return limit !== undefined && instruments.has(limit) && result.upper !== undefined;
}

/** What was the limit, in a few words. */
function limitText({ result, limit }: FoundCapacity, plan: CapacityPlan): string {
  if (result.kind === 'all-carried') return plan.mostBy === '--to' ? 'more was not asked for' : plan.mostBy;
  if (result.kind === 'unfinished' && limit === undefined) return 'the time was over';
  const cause = limit === undefined ? unknownText : causeText(limit, plan);
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
  const isLeast = lower !== undefined && (isAtLeast(found) || kind === 'all-carried');
  return [
    kind === 'none-carried' ? 'none' : `${isLeast ? '≥ ' : ''}${load(lower)}`,
    isLeast ? unknownText : load(upper),
    interval && !isLeast ? `${load(interval.low)} to ${load(interval.high)}` : unknownText,
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

/** A sentence for each search, and one for the ceiling of a polling endpoint. */
export function conclusions(found: FoundCapacity, plan: CapacityPlan): readonly string[] {
  const { closedLoop, transport } = found;
  const name = transportTitles[transport];
  return [conclusion(found, plan), ...(closedLoop ? [`${name}: ${closedLoopText(closedLoop, plan)}.`] : [])];
}

function conclusion(found: FoundCapacity, plan: CapacityPlan): string {
  const { result, rough, bestMs, transport } = found;
  const name = transportTitles[transport];
  const unit = plan.over === 'clients' ? ' clients' : '';
  const load = (value: number) => `${loadText(plan, value)}${unit}`;
  const [lower, upper] = [result.lower, result.upper].map((value) => (value === undefined ? undefined : load(value)));
  const limit = limitText(found, plan);
  switch (result.kind) {
    case 'regular':
      return isAtLeast(found)
        ? `${name} carries at least ${lower}: at ${upper} the limit was ${limit}, so the server may carry more.`
        : `${name} carries ${lower}, and typically fails at ${upper}. ${limitSentence(found, plan)}`;
    case 'all-carried':
      return `${name} carries ${lower}, the most that was tried (${limit}): it may carry more.`;
    case 'none-carried':
      return `${name} does not carry ${upper}, the least that was tried: the best window had ${quantileName(plan.objective.quantile)} ${
        bestMs === undefined ? 'unknown' : formatValue(bestMs, 'ms')
      }. ${limitSentence(found, plan)}`;
    case 'unfinished':
      return unfinishedText(name, result, rough, load);
  }
}

function limitSentence(found: FoundCapacity, plan: CapacityPlan): string {
  if (found.limit === 'none') return 'No core was full: the latency itself is longer.';
  return `The limit: ${limitText(found, plan)}.`;
}

function unfinishedText(name: string, known: RoughBounds, rough: RoughBounds, load: (value: number) => string): string {
  const bounds = ({ lower, upper }: RoughBounds) =>
    [lower !== undefined && `carries ${load(lower)}`, upper !== undefined && `fails at ${load(upper)}`]
      .filter((part) => part !== false)
      .join(' and ');
  const [surely, roughly] = [bounds(known), bounds(rough)];
  const parts = [surely && `it ${surely}`, roughly && `by a first look it ${roughly}`].filter(Boolean);
  return `${name}: the time was over${parts.length > 0 ? `; ${parts.join('; ')}` : ''}. Give a longer --within.`;
}

/** The ceiling of a polling endpoint, and whether the server was its limit. */
export function closedLoopText(
  { connections, requestsPerSecond, failed, seconds, serverCpuMs }: ClosedLoopRecord,
  { serverCpus = 1 }: Pick<CapacityPlan, 'serverCpus'>,
): string {
  if (failed > 0)
    return `in a closed loop ${formatNumber(failed)} requests failed, so the ceiling of its endpoint is unknown`;
  const server = share(serverCpuMs / (seconds * 1000 * serverCpus));
  return `its endpoint answers ${formatNumber(requestsPerSecond)} requests a second at most (autocannon, closed loop, ${connections} connections, server ${server})`;
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
  'carried, not carried: bounds by RFC 9971, each by 21 s of windows or more, of which half may be bad, or by so many of ' +
    'them that the rest could not change it. The smallest load that is not carried wins.',
  '95% interval: of the load at which half of all windows are bad, by all windows of the search; noise and drift of the ' +
    'machine are in it.',
  'in time: what is typically delivered in time at the load that is carried (conditional throughput).',
  "predicted: where the calibration has the server's core full, or its quota used up.",
];
