import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { type Comparison, comparisonOf, leastPairs } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { manyReplaced, worstSeenWithinMs } from '../comparison/tolerance.ts';
import { byteFigures, placeWords } from '../figures/byte-place.ts';
import { type FigureKey, formatFigure } from '../figures/figures.ts';
import { formatNumber, formatParameter, formatValue } from '../figures/format.ts';
import { routeNamed } from '../figures/run-routes.ts';
import { type Range, rangeOf } from '../figures/spread.ts';
import type { PathAnalysis, TransportAnalysis } from '../validity/assessment.ts';
import { atTolerance } from './cost-ranking.ts';
import { busiest, graded, highest, type Judgement, type Limits, negligible, replacesMany } from './grades.ts';
import type { Test } from './needs.ts';

/** What trials say of one transport for one need. */
export type Seen = {
  readonly judgement: Judgement;
  readonly text: string;
  /** Whether the value lies so close to a limit that another run may be judged differently. The text says so. */
  readonly isAtLimit: boolean;
  /** Number of trials, if these are not the valid ones over the main path. */
  readonly repeats?: number;
};

/** The row of a transport in the scenario that shows a need, and how the transport is judged by reasoning. */
export type Shown = {
  readonly run: Run;
  readonly scenario: ScenarioAnalysis;
  readonly row: TransportAnalysis;
  readonly reasoned: Judgement;
};

/** `undefined` if the trials lack what the test asks for. */
export function see(test: Test, shown: Shown): Seen | undefined {
  switch (test.kind) {
    case 'in-time':
      return seeTime(test.toleranceMs, shown);
    case 'core':
      return seeCore(shown);
    case 'least':
      return seeLeast(test.direction, shown);
    case 'proxy':
      return seeProxy(test.mistake, shown);
  }
}

/** How far a value may move from one run to the next: by a tenth, CPU by a half. */
const steadiness = { usual: 1.1, cpu: 1.5 } as const;

function seeCore({ scenario: { planned }, row }: Shown): Seen | undefined {
  const msPerSecond = row.medians['cpu.serving'];
  if (msPerSecond === undefined) return undefined;
  const share = msPerSecond / 1000;
  const repeats = rangeOf(row.valid.map(({ figures }) => figures['cpu.serving']));
  const range = repeats ? { least: repeats.least / 1000, most: repeats.most / 1000 } : { least: share, most: share };
  const clients = formatNumber(planned.scenario.clients);
  const line = atLimit(widened(range, steadiness.cpu), busiest);
  const text = `${formatValue(share, 'share', 2)} of a core for ${clients} clients${line}`;
  return { judgement: graded(share, busiest), text, isAtLimit: line !== '' };
}

function widened({ least, most }: Range, by: number): Range {
  return { least: least / by, most: most * by };
}

/**
 * What a cell says if a limit between two judgements lies within the range in which its value may be: another run may
 * fall on the other side. Empty elsewhere.
 */
function atLimit(range: Range, { good, works }: Limits): string {
  const isWithin = (limit: number) => range.least <= limit && limit < range.most;
  if (isWithin(good) && isWithin(works)) return ', too close to the limits to tell a good choice from a poor one';
  if (isWithin(good)) return ', at the limit between a good choice and one that works';
  return isWithin(works) ? ', at the limit between one that works and a poor choice' : '';
}

/** What counts as in time, and from which share of replaced updates on they are many. */
type TimeLimits = { readonly toleranceMs: number; readonly many: number };

/** A value a tenth lower and a tenth higher. */
function around(value: number): readonly number[] {
  return [value / steadiness.usual, value * steadiness.usual];
}

/** A cell says so if slightly different limits would judge it differently, because then another run may, too. */
function hedged(seen: Seen | undefined, nearby: readonly (Seen | undefined)[]): Seen | undefined {
  if (!seen || seen.isAtLimit || nearby.every((each) => each?.judgement === seen.judgement)) return seen;
  return { ...seen, text: `${seen.text}; another run may be judged differently`, isAtLimit: true };
}

/**
 * A transport in time is rated no better than it is by reasoning, except that `poor` becomes `works`; a late one is
 * `poor`. Short polling is rated by what it costs at an interval as long as the tolerance, too.
 */
function seeTime(toleranceMs: number, shown: Shown): Seen | undefined {
  const nearby = around(toleranceMs).flatMap((ms) =>
    around(manyReplaced).map((many) => timeSeen({ toleranceMs: ms, many }, shown)),
  );
  return hedged(timeSeen({ toleranceMs, many: manyReplaced }, shown), nearby);
}

function timeSeen(limits: TimeLimits, shown: Shown): Seen | undefined {
  const { toleranceMs, many } = limits;
  const { scenario, row, reasoned } = shown;
  const withinMs = worstSeenWithinMs(row, scenario.planned.scenario, many);
  if (withinMs === undefined) return undefined;
  const { pollIntervalMs } = scenario.planned.scenario;
  const polled = row.transport === 'short-polling' ? `, asking every ${formatParameter(pollIntervalMs, 'ms')}` : '';
  const within = `nine of ten within ${formatValue(withinMs, 'ms')}${polled}`;
  const isClose = toleranceMs / steadiness.usual < withinMs && withinMs <= toleranceMs * steadiness.usual;
  const close = isClose ? ', at the limit of what is in time' : '';
  if (withinMs > toleranceMs) return { judgement: 'poor', text: `Too late: ${within}${close}`, isAtLimit: isClose };
  const judgement = reasoned === 'poor' ? 'works' : reasoned;
  const inTime: Seen = { judgement, text: `In time: ${within}${close}`, isAtLimit: isClose };
  const cost = row.transport === 'short-polling' ? costAtTolerance(withinMs, limits, shown) : undefined;
  if (!cost) return inTime;
  return {
    judgement: worse(inTime.judgement, cost.judgement),
    text: `${inTime.text}${cost.text}`,
    isAtLimit: inTime.isAtLimit || cost.isAtLimit,
  };
}

const order: readonly Judgement[] = ['good', 'works', 'poor'];

function worse(a: Judgement, b: Judgement): Judgement {
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
}

/** What short polling costs at the longest interval that is in time, beside the least of the others that are. */
function costAtTolerance(withinMs: number, limits: TimeLimits, { scenario, row }: Shown): Seen | undefined {
  const { toleranceMs, many } = limits;
  // One that brings fewer updates is not measured by those that bring all.
  if (replacesMany(row, many)) return undefined;
  const key = byteFigures[scenario.place].both;
  const measured = { transport: row.transport, withinMs, cost: { bytes: row.medians[key], 'server-cpu': undefined } };
  const { cost, pollIntervalMs } = atTolerance(measured, scenario, toleranceMs);
  const others = scenario.transports
    .filter(({ transport }) => transport !== row.transport)
    .filter(
      (other) => (worstSeenWithinMs(other, scenario.planned.scenario, many) ?? Number.POSITIVE_INFINITY) <= toleranceMs,
    )
    .flatMap(({ medians }) => medians[key] ?? []);
  if (cost.bytes === undefined || others.length === 0) return undefined;
  const seen = bytesAgainst(cost.bytes, Math.min(...others), undefined);
  const amount = `${formatValue(cost.bytes, 'bytes', 2)} per client and minute ${placeWords[scenario.place]}`;
  const asked = pollIntervalMs === undefined ? '; ' : `; every ${formatParameter(pollIntervalMs, 'ms')}, by theory, `;
  return { ...seen, text: `${asked}${amount}, ${seen.text}` };
}

/** From which share of replaced updates on they are many: for the transport itself, and for those beside it. */
type ReplacedLimits = { readonly own: number; readonly others: number };

/**
 * A transport that delivers fewer updates, because newer ones replaced them, is not the measure for those that deliver
 * all.
 */
function seeLeast(direction: 'both' | 'up', shown: Shown): Seen | undefined {
  const nearby = around(manyReplaced).flatMap((own) =>
    around(manyReplaced).map((others) => leastSeen(direction, { own, others }, shown)),
  );
  return hedged(leastSeen(direction, { own: manyReplaced, others: manyReplaced }, shown), nearby);
}

function leastSeen(
  direction: 'both' | 'up',
  { own, others }: ReplacedLimits,
  { scenario, row }: Shown,
): Seen | undefined {
  const figure = byteFigures[scenario.place][direction];
  const value = row.medians[figure];
  const known = scenario.transports.filter(({ medians }) => medians[figure] !== undefined);
  // With a single transport there is no least.
  if (value === undefined || known.length < 2) return undefined;
  const up = direction === 'up' ? ' up' : '';
  const amount = `${formatFigure(figure, value)}${up} per client and minute ${placeWords[scenario.place]}`;
  if (direction === 'both' && replacesMany(row, own)) {
    const share = formatValue(row.medians.conflated!, 'share', 2);
    return certain('works', `${amount}, but ${share} of the updates replaced by newer ones`);
  }
  const comparable = known.filter((each) => direction === 'up' || each === row || !replacesMany(each, others));
  const least = comparable.reduce((a, b) => (a.medians[figure]! <= b.medians[figure]! ? a : b));
  if (least === row) return certain('good', `${amount}, the least`);
  const range = direction === 'both' ? ratioOf(scenario, row.transport, least.transport) : undefined;
  const seen = bytesAgainst(value, least.medians[figure]!, range);
  return { ...seen, text: `${amount}, ${seen.text}` };
}

/** Judged by the factor above the least, and good where the amount is too small to pay for. */
function bytesAgainst(value: number, least: number, measured: Range | undefined): Seen {
  const factor = value / least;
  const range = widened(measured ?? { least: factor, most: factor }, measured ? 1 : steadiness.usual);
  if (value <= negligible.bytes) {
    const isClose = value * steadiness.usual > negligible.bytes && graded(factor, highest) !== 'good';
    const text = `too little to pay for${isClose ? ', but only just' : ''}`;
    return { judgement: 'good', text, isAtLimit: isClose };
  }
  const times = `${Number.isFinite(factor) ? `${formatNumber(factor)} ×` : 'far above'} the least${factor < 1 ? ' of the others' : ''}`;
  const isNear = value / steadiness.usual <= negligible.bytes && graded(factor, highest) !== 'good';
  const line = isNear ? ', hardly more than what is too little to pay for' : atLimit(range, highest);
  return { judgement: graded(factor, highest), text: `${times}${line}`, isAtLimit: line !== '' };
}

/** The interval of the ratio of two transports' bytes, if enough repeats give one. */
function ratioOf({ comparisons }: ScenarioAnalysis, a: Transport, b: Transport): Range | undefined {
  const found: Comparison | undefined = comparisonOf(comparisons, 'bytes', a, b);
  if (!found?.estimate || found.ratios.length < leastPairs) return undefined;
  return { least: found.estimate.low, most: found.estimate.high };
}

/** From this many times the latency of the soonest transport behind the same proxy on, the proxy holds updates back. */
const heldBack = 10;
const soonest: FigureKey = 'latency.p50';
/** Connections that a proxy cuts, as a share of all; a stray one says nothing of the proxy. */
const oftenCut = 0.01;

/** How trials behind NGINX went. `mistake`: the one in its configuration; null: none. */
function seeProxy(mistake: string | null, shown: Shown): Seen | undefined {
  const { run, scenario, row } = shown;
  const path = scenario.paths.find(({ route }) => {
    const proxy = routeNamed(run.record, route)?.proxy;
    return proxy && proxy.mistake === mistake;
  });
  const behind = path?.transports.find(({ transport }) => transport === row.transport);
  if (!path || !behind || behind.completed.length + behind.failed.length === 0) return undefined;
  const seen = seeBehind(path, behind, shown.reasoned);
  return seen && { ...seen, repeats: behind.completed.length + behind.failed.length };
}

function seeBehind(path: PathAnalysis, behind: TransportAnalysis, reasoned: Judgement): Seen | undefined {
  const { completed, failed, transport } = behind;
  const over = ` over ${path.route}`;
  if (completed.length === 0) return certain('poor', `No trial worked${over}`);
  if (failed.length > 0)
    return certain(
      worse('works', reasoned),
      `${failed.length} of ${failed.length + completed.length} trials failed${over}`,
    );
  const connections = completed.reduce((sum, { trial }) => sum + trial.counts.connections, 0);
  const cut = completed.reduce((sum, { trial }) => sum + trial.counts.reconnects + trial.counts.errors, 0);
  if (cut > oftenCut * connections) return certain(worse('works', reasoned), `Cut ${formatNumber(cut)} times${over}`);
  const ms = medianOfAll(behind);
  if (ms === undefined) return undefined;
  const leastMs = Math.min(...path.transports.flatMap((each) => medianOfAll(each) ?? []));
  const text = `Median ${formatFigure(soonest, ms)}${over}`;
  const factor = transport === 'short-polling' ? 1 : ms / leastMs;
  const isAtLimit =
    widened({ least: factor, most: factor }, steadiness.usual).most > heldBack && factor < heldBack * steadiness.usual;
  const close = isAtLimit ? ', at the limit of what is held back' : '';
  return factor > heldBack
    ? { judgement: 'poor', text: `Held back: ${text.toLowerCase()}${close}`, isAtLimit }
    : { judgement: reasoned, text: `${text}${close}`, isAtLimit };
}

/** Over valid and invalid trials: a proxy that holds updates back makes trials invalid. */
function medianOfAll({ completed }: TransportAnalysis): number | undefined {
  const values = completed.flatMap(({ figures }) => figures[soonest] ?? []);
  return values.length > 0 ? median(values) : undefined;
}

function certain(judgement: Judgement, text: string): Seen {
  return { judgement, text, isAtLimit: false };
}
