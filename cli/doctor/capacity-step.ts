import { isUndelivered } from '../../bench/trial/explain-failure.ts';
import { type BusyCore, coreUseOf } from '../../results/core-use.ts';
import type { CompletedTrial, FailedTrial, TrialRecord } from '../../results/schema/schema.ts';
import { fanOut } from './capacity-trial.ts';

/** The core that was busiest on each side; null: that side has no process. */
type StepCores = Readonly<Record<Side, BusyCore | null>>;

type Side = 'load' | 'source' | 'server';

/** What a step came up against whose trial came to its end. */
export type MeasuredLimit =
  /** A core of this side was full. */
  | { readonly what: Side; readonly core: BusyCore }
  /** No core was full by the CPU time of our processes, yet deliveries were missing at the end. */
  | { readonly what: 'lag'; readonly missingShare: number }
  /** Deliveries took longer and longer, or updates left the source late; milliseconds. */
  | { readonly what: 'lateness'; readonly earlyMs: number; readonly lateMs: number }
  | { readonly what: 'source-late'; readonly p99Ms: number };

/** A trial that gave up waiting for its updates, in this stage. */
type UndeliveredLimit = { readonly what: 'undelivered' } & Pick<FailedTrial, 'stage' | 'reason'>;

/** What a step came up against. A trial that failed for any other reason is no limit, but a `StepFailure`. */
export type CapacityLimit = MeasuredLimit | UndeliveredLimit;

/** One rate that was tried. Rates are per second of the window. */
export type CapacityStep = MeasuredStep | UndeliveredStep;

export type MeasuredStep = {
  readonly updatesPerSecond: number;
  /** Deliveries that were due, and those that had arrived at the end of the window. */
  readonly offeredPerSecond: number;
  readonly carriedPerSecond: number;
  /** Share of all deliveries of the window that had not arrived at its end, 0 to 1. */
  readonly missingShare: number;
  readonly p99Ms: number | null;
  readonly cores: StepCores;
  /** Null: the machine carried it. */
  readonly limit: MeasuredLimit | null;
};

/** Null: not known, since the trial did not come to its end. */
type UndeliveredStep = {
  readonly updatesPerSecond: number;
  readonly offeredPerSecond: number;
  readonly carriedPerSecond: null;
  readonly missingShare: null;
  readonly p99Ms: null;
  readonly cores: null;
  readonly limit: UndeliveredLimit;
};

/** A step that did not start, or broke off for another reason than its rate. It says nothing about the machine. */
export type StepFailure = { readonly updatesPerSecond: number } & Pick<FailedTrial, 'stage' | 'reason'>;

/**
 * Above these a step is not carried. Random arrivals let latency vary within a window, but hardly by this; a source that
 * is later than this is no open loop any more.
 */
const mostMissing = 0.01;
const mostGrowthMs = 10;
const mostSourceLateMs = 10;

/** What a trial at this rate showed. */
export function stepOf(updatesPerSecond: number, trial: TrialRecord): CapacityStep | StepFailure {
  if (trial.status === 'completed') return measuredStep(updatesPerSecond, trial);
  const { stage, reason } = trial;
  if (!isUndelivered(trial)) return { updatesPerSecond, stage, reason };
  return {
    updatesPerSecond,
    offeredPerSecond: updatesPerSecond * fanOut,
    carriedPerSecond: null,
    missingShare: null,
    p99Ms: null,
    cores: null,
    limit: { what: 'undelivered', stage, reason },
  };
}

function measuredStep(updatesPerSecond: number, trial: CompletedTrial): MeasuredStep {
  const seconds = trial.window.durationMs / 1000;
  const { expected } = trial.ledger;
  const late = lateDeliveries(trial);
  const missing = Math.max(0, expected - trial.latency.delivery.count) + late;
  const missingShare = expected === 0 ? 0 : missing / expected;
  const { load, source, server } = coreUseOf(trial);
  return {
    updatesPerSecond,
    offeredPerSecond: expected / seconds,
    carriedPerSecond: (trial.latency.delivery.count - late) / seconds,
    missingShare,
    p99Ms: trial.latency.delivery.p99Ms,
    cores: { load: load ?? null, source: source ?? null, server: server ?? null },
    limit: coreLimit(trial) ?? lagLimit(trial, missingShare),
  };
}

/** The full core, by the same rule as the limit of a trial: if both sides are full, the instrument's. */
function coreLimit(trial: CompletedTrial): MeasuredLimit | undefined {
  const { load, source, server, limit } = coreUseOf(trial);
  if (limit === 'nothing') return undefined;
  if (limit === 'server') return server && { what: 'server', core: server };
  if (load && load.share >= (source?.share ?? 0)) return { what: 'load', core: load };
  return source && { what: 'source', core: source };
}

function lagLimit(trial: CompletedTrial, missingShare: number): MeasuredLimit | null {
  if (missingShare > mostMissing) return { what: 'lag', missingShare };
  const { p99Ms } = trial.lateness.source;
  if (p99Ms > mostSourceLateMs) return { what: 'source-late', p99Ms };
  const quarter = Math.floor(trial.timeline.length / 4);
  const [earlyMs, lateMs] = [meanMs(trial.timeline.slice(0, quarter)), meanMs(trial.timeline.slice(-quarter))];
  return lateMs - earlyMs > mostGrowthMs ? { what: 'lateness', earlyMs, lateMs } : null;
}

type Pieces = CompletedTrial['timeline'];

function meanMs(pieces: Pieces): number {
  const count = pieces.reduce((sum, piece) => sum + piece.count, 0);
  return count === 0 ? 0 : pieces.reduce((sum, piece) => sum + piece.count * piece.meanMs, 0) / count;
}

/**
 * Deliveries that arrived after the window. The record has the mean latency of each piece of it: an update that left
 * less than that before the end had not arrived by then.
 */
function lateDeliveries({ timeline, window: { durationMs } }: CompletedTrial): number {
  const pieceMs = durationMs / timeline.length;
  return timeline.reduce((sum, piece, i) => {
    const leftMs = durationMs - (i + 1) * pieceMs;
    return sum + piece.count * Math.min(1, Math.max(0, (piece.meanMs - leftMs) / pieceMs));
  }, 0);
}
