/**
 * Whether a load is carried, by the windows that were measured at it: load classification and conditional throughput of
 * MLRsearch (RFC 9971, appendices A and B). What the RFC calls a trial is a window here, and its loss ratio is the share
 * of a window's updates that miss the objective.
 */

/** What a load has to keep to, in the terms of RFC 9971. */
export type SearchGoal = {
  /** Shorter windows count against longer ones only as far as they are bad more often than is allowed. */
  readonly finalDurationSeconds: number;
  /** So much of windows decides on a load, whatever they show. */
  readonly durationSumSeconds: number;
  /** A window that loses a larger share is bad, 0 to below 1. */
  readonly lossRatio: number;
  /** Up to this share of the time may be bad, 0 to below 1. */
  readonly exceedRatio: number;
};

/** What a window showed. */
export type WindowResult = { readonly durationSeconds: number; readonly lossRatio: number };

export type LoadClass = 'lower-bound' | 'upper-bound' | 'undecided';

/** A lower bound keeps to the goal, an upper bound does not, whatever the windows that are missing would show. */
export function classificationOf(goal: SearchGoal, windows: readonly WindowResult[]): LoadClass {
  const { optimistic, pessimistic } = exceedRatiosOf(goal, windows);
  if (pessimistic <= goal.exceedRatio) return 'lower-bound';
  return optimistic > goal.exceedRatio ? 'upper-bound' : 'undecided';
}

/** The share of bad time at a load if all that is missing were good, and if all of it were bad. */
export function exceedRatiosOf(
  goal: SearchGoal,
  windows: readonly WindowResult[],
): { readonly optimistic: number; readonly pessimistic: number } {
  const { exceedRatio, durationSumSeconds } = goal;
  const { fullGood, fullBad, shortGood, shortBad } = sumsOf(goal, windows);
  const balancing = (shortGood * exceedRatio) / (1 - exceedRatio);
  const bad = fullBad + Math.max(0, shortBad - balancing);
  const whole = Math.max(fullGood + bad, durationSumSeconds);
  return { optimistic: bad / whole, pessimistic: (whole - fullGood) / whole };
}

/**
 * The load that is typically carried where the clients ask for `load`, which has to be a lower bound with at least one
 * window: less by the loss that no more than the allowed share of the windows exceeds.
 */
export function conditionalThroughput(goal: SearchGoal, load: number, windows: readonly WindowResult[]): number {
  const full = windows.filter((window) => isFull(goal, window)).sort((a, b) => a.lossRatio - b.lossRatio);
  const measured = full.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  let remaining = Math.max(goal.durationSumSeconds, measured) * (1 - goal.exceedRatio);
  let lossRatio = full[0]?.lossRatio ?? 1;
  for (const window of full) {
    if (remaining <= 0) return load * (1 - lossRatio);
    lossRatio = window.lossRatio;
    remaining -= window.durationSeconds;
  }
  return load * (1 - (remaining > 0 ? 1 : lossRatio));
}

/** Seconds of windows. */
type Sums = Readonly<Record<'fullGood' | 'fullBad' | 'shortGood' | 'shortBad', number>>;

function sumsOf(goal: SearchGoal, windows: readonly WindowResult[]): Sums {
  const secondsOf = (full: boolean, bad: boolean) =>
    windows
      .filter((window) => isFull(goal, window) === full && window.lossRatio > goal.lossRatio === bad)
      .reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return {
    fullGood: secondsOf(true, false),
    fullBad: secondsOf(true, true),
    shortGood: secondsOf(false, false),
    shortBad: secondsOf(false, true),
  };
}

function isFull({ finalDurationSeconds }: SearchGoal, { durationSeconds }: WindowResult): boolean {
  return durationSeconds >= finalDurationSeconds;
}

/** As many windows as decide by a goal, so that later ones do not change what has been decided. */
export function firstWindows<W extends WindowResult>(
  { durationSumSeconds }: SearchGoal,
  windows: readonly W[],
): readonly W[] {
  let seconds = 0;
  const enough = windows.findIndex(({ durationSeconds }) => {
    seconds += durationSeconds;
    return seconds >= durationSumSeconds;
  });
  return enough < 0 ? windows : windows.slice(0, enough + 1);
}
