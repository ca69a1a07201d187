import { estimateTrialMs } from '../../bench/plan/estimate.ts';
import type { PlannedTrial } from '../../bench/plan/plan.ts';

/** How far a run is, computed from the estimates and from how long the ended trials took. */
export type TimeLeft = {
  readonly startTrial: (index: number, nowMs: number) => void;
  readonly endTrial: (nowMs: number) => void;
  /** Share of the time that has passed, 0 to 1, and milliseconds left. */
  readonly at: (nowMs: number) => { readonly done: number; readonly leftMs: number };
};

/** Bounds of the pace, so that a first trial that was very slow or fast does not distort the time left. */
const slowest = 3;
const fastest = 0.5;

export function createTimeLeft(trials: readonly PlannedTrial[]): TimeLeft {
  const estimates = trials.map(estimateTrialMs);
  const totalMs = sum(estimates);
  let current = 0;
  let startedMs: number | undefined;
  let tookMs = 0;
  /** Time taken per time estimated, over the trials that have ended. */
  const pace = () => {
    const estimatedMs = sum(estimates.slice(0, current));
    return estimatedMs === 0 ? 1 : Math.min(slowest, Math.max(fastest, tookMs / estimatedMs));
  };
  return {
    startTrial: (index, nowMs) => {
      current = index;
      startedMs = nowMs;
    },
    endTrial: (nowMs) => {
      tookMs += startedMs === undefined ? 0 : nowMs - startedMs;
      startedMs = undefined;
      current++;
    },
    at: (nowMs) => {
      const inTrial = startedMs === undefined ? 0 : (nowMs - startedMs) / pace();
      // A trial that takes longer than estimated counts as its estimate; it never counts for the next one.
      const passed = sum(estimates.slice(0, current)) + Math.min(inTrial, estimates[current] ?? 0);
      return { done: totalMs === 0 ? 1 : passed / totalMs, leftMs: (totalMs - passed) * pace() };
    },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
