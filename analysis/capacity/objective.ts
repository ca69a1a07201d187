import { coreUseOf } from '../../results/core-use.ts';
import type { Objective } from '../../results/schema/capacity-schema.ts';
import type { CompletedTrial, Histogram, TrialRecord } from '../../results/schema/schema.ts';
import { mergeHistograms } from '../figures/histogram.ts';
import { isBelow } from '../statistics/binomial.ts';
import {
  classificationOf,
  firstWindows,
  type LoadClass,
  type SearchGoal,
  type WindowResult,
} from './classification.ts';

/** What kept a window from its objective: a core that was full, an end of the processes, or none of these. */
export type Cause = 'server' | 'load' | 'relay' | 'source' | 'failed' | 'none';

/** What a window showed at a load. */
export type LoadWindow = WindowResult & {
  /** Milliseconds since 1970 at which its trial began. */
  readonly atMs: number;
  readonly updates: number;
  /** The latency that the objective is about; `undefined` if nothing was delivered. */
  readonly latencyMs: number | undefined;
  /** Shares of the busiest core of each side; 0 if the processes ended early. */
  readonly serverShare: number;
  readonly loadShare: number;
  /** `undefined` for a good window. */
  readonly cause: Cause | undefined;
};

/** Above this share of its core the load side may be what is measured. */
export const fullLoadShare = 0.9;
/** The deliveries that the instrument left alone stand for all if they are so many of them. */
const leastUndisturbed = 0.5;
/** A process that stands still for this share of the limit is not what makes deliveries late. */
const shortGap = 0.1;
const leastWindowSeconds = 1;
/** Seconds of windows that decide on a load. */
const leastSumSeconds = 21;
const confidence = 0.95;
/** Half of the windows may be bad: a load is carried if it is carried typically. */
const exceedRatio = 0.5;
const coarseWindows = 3;
/** Of longer windows one is enough for a coarse look. */
const longWindowSeconds = 3;
/** A load whose good windows do not show with confidence, after so many times the usual windows, is not carried. */
const mostTimes = 3;

/** Updates that have to be pooled before a share of late ones as small as the objective's can be shown: 299 for p99. */
export function leastUpdates({ quantile }: Objective): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(quantile));
}

/** Milliseconds of a window: a second at least, and as many updates as one of which may be late. */
export function windowMsOf({ quantile }: Objective, updatesPerSecond: number): number {
  const ms = 1000 / ((1 - quantile) * updatesPerSecond);
  // Whole tenths of a second, which the schedule and a reader can deal with.
  return Math.max(leastWindowSeconds * 1000, Math.ceil(Number((ms / 100).toPrecision(9))) * 100);
}

/** By RFC 9971. A window is bad if a larger share of its deliveries than the objective allows is late or lost. */
export function goalOf(objective: Objective, updatesPerSecond: number): SearchGoal {
  const seconds = windowMsOf(objective, updatesPerSecond) / 1000;
  const wanted = Math.max(leastSumSeconds / seconds, leastUpdates(objective) / (updatesPerSecond * seconds));
  return {
    finalDurationSeconds: seconds,
    durationSumSeconds: odd(Math.ceil(Number(wanted.toPrecision(9)))) * seconds,
    lossRatio: lossRatioOf(objective),
    exceedRatio,
  };
}

function coarseOf(goal: SearchGoal): SearchGoal {
  const { finalDurationSeconds } = goal;
  const windows = finalDurationSeconds > longWindowSeconds ? 1 : coarseWindows;
  return { ...goal, durationSumSeconds: windows * finalDurationSeconds };
}

/** An odd number has no draw. */
function odd(count: number): number {
  return count % 2 === 1 ? count : count + 1;
}

/** Without the last digits that subtraction leaves: 1 − 0.99 is a little more than 0.01. */
function lossRatioOf({ quantile }: Objective): number {
  return Number((1 - quantile).toPrecision(9));
}

/**
 * Whether a load is carried by all its windows: as RFC 9971 classifies it, and carried only if its good windows together
 * show that with a confidence of 95% (Clopper and Pearson). They count updates, since the deliveries of one are late together.
 */
export function decided(objective: Objective, updatesPerSecond: number, windows: readonly LoadWindow[]): LoadClass {
  const goal = goalOf(objective, updatesPerSecond);
  const found = classificationOf(goal, windows);
  if (found !== 'lower-bound' || isShown(objective, windows)) return found;
  const seconds = windows.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return seconds < mostTimes * goal.durationSumSeconds ? 'undecided' : 'upper-bound';
}

/** As `decided`, by the first windows alone, and without confidence. */
export function glanced(objective: Objective, updatesPerSecond: number, windows: readonly LoadWindow[]): LoadClass {
  const goal = coarseOf(goalOf(objective, updatesPerSecond));
  return classificationOf(goal, firstWindows(goal, windows));
}

function isShown(objective: Objective, windows: readonly LoadWindow[]): boolean {
  const good = windows.filter(({ cause }) => cause === undefined);
  const updates = good.reduce((sum, window) => sum + window.updates, 0);
  const late = good.reduce((sum, window) => sum + window.lossRatio * window.updates, 0);
  return isBelow(Math.ceil(Number(late.toPrecision(9))), updates, lossRatioOf(objective), confidence);
}

/** What the record of a window says about an objective. */
export function windowOf(record: TrialRecord, objective: Objective, durationMs: number): LoadWindow {
  const atMs = Date.parse(record.startedAt);
  if (record.status === 'failed') return { ...ended, atMs, durationSeconds: durationMs / 1000 };
  const { load, server } = coreUseOf(record);
  const { share, latencyMs } = lateness(record, objective);
  const loadShare = load?.share ?? 0;
  // If the instrument may have made it all, it is the limit.
  const isCovered = share === undefined;
  const isBad = isCovered || share > lossRatioOf(objective) || loadShare >= fullLoadShare;
  return {
    atMs,
    durationSeconds: record.window.durationMs / 1000,
    lossRatio: isCovered || loadShare >= fullLoadShare ? 1 : share,
    updates: record.updates.accepted,
    latencyMs,
    serverShare: server?.share ?? 0,
    loadShare,
    cause: isBad ? (isCovered ? 'load' : causeOf(record)) : undefined,
  };
}

const ended = {
  lossRatio: 1,
  updates: 0,
  latencyMs: undefined,
  serverShare: 0,
  loadShare: 0,
  cause: 'failed',
} as const satisfies Partial<LoadWindow>;

type Lateness = { readonly share: number | undefined; readonly latencyMs: number | undefined };

/**
 * The share of deliveries that were late or never came; `undefined` if it is the instrument that may have made them late.
 * A process of the load that stands still makes deliveries later, never sooner: if all of them together are within the
 * objective, so is the server. If not, those that it left alone decide; and if they are few, all of them, unless it stood
 * still for so long that it was that.
 */
function lateness(trial: CompletedTrial, objective: Objective): Lateness {
  const { latency, stalls } = trial;
  const all = latenessOf(latency.delivery, trial, objective);
  if (!stalls?.undisturbed || all.share <= lossRatioOf(objective)) return all;
  if (stalls.undisturbed.count >= leastUndisturbed * latency.delivery.count) {
    return latenessOf(stalls.undisturbed, trial, objective);
  }
  const longest = stalls.gaps.flatMap(({ longest: gaps }) => gaps.map(({ fromMs, toMs }) => toMs - fromMs));
  return Math.max(0, ...longest) <= shortGap * objective.limitMs ? all : { share: undefined, latencyMs: undefined };
}

function latenessOf(
  judged: Histogram,
  { latency, ledger }: CompletedTrial,
  { quantile, limitMs }: Objective,
): { readonly share: number; readonly latencyMs: number | undefined } {
  const recorded = mergeHistograms([judged]);
  if (!recorded) return { share: ledger.expected > 0 ? 1 : 0, latencyMs: undefined };
  const late = countAbove(recorded, limitMs) / judged.count;
  const lost = ledger.lost / (ledger.lost + latency.delivery.count);
  return {
    share: lost + (1 - lost) * late,
    latencyMs: recorded.getValueAtPercentile(quantile * 100) / 1000,
  };
}

type Recorded = NonNullable<ReturnType<typeof mergeHistograms>>;

/** Values that are not below a limit: what is as long as the limit is late. */
function countAbove(recorded: Recorded, limitMs: number): number {
  const steps = 60;
  // The share below a value is known by percentile only: find the percentile at which the limit is reached.
  let [low, high] = [0, 100];
  if (recorded.getValueAtPercentile(100) < limitMs * 1000) return 0;
  for (let i = 0; i < steps; i++) {
    const middle = (low + high) / 2;
    if (recorded.getValueAtPercentile(middle) < limitMs * 1000) low = middle;
    else high = middle;
  }
  // A value has the percentiles from half a count before it to half a count after it.
  return Math.ceil(recorded.totalCount * (1 - low / 100) - 1e-6);
}

/** The fullest core that was full; the load side first, since then nothing is known about the server. */
function causeOf(record: CompletedTrial): Cause {
  const { load, source, server } = coreUseOf(record);
  if (load && load.share >= fullLoadShare)
    return load.names.some((name) => name.startsWith('relay')) ? 'relay' : 'load';
  if (source && source.share >= fullLoadShare) return 'source';
  return server && server.share >= fullLoadShare ? 'server' : 'none';
}
