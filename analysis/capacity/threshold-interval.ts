import { tQuantile } from '../statistics/student-t.ts';

/** A window at a load: when it was played, in any unit, and whether it missed the objective. */
export type JudgedWindow = { readonly load: number; readonly at: number; readonly bad: boolean };

/** Loads: at `value` half of the windows are bad; the 95% interval. */
export type ThresholdInterval = { readonly value: number; readonly low: number; readonly high: number };

/**
 * The load at which half of the windows are bad in the middle of a search, with a 95% interval that has in it the noise
 * between windows and a steady drift of the server, by all windows of the search.
 *
 * log(odds of bad) = slope · log(load / threshold) + drift · time, by maximum likelihood; the interval holds all
 * thresholds whose profile likelihood is not worse than the best by more than chance explains (Venzon and Moolgavkar
 * 1988, https://doi.org/10.2307/2347496), with Student's t in place of the normal distribution as windows are few.
 * Undefined unless there are both kinds of windows.
 */
export function thresholdInterval(windows: readonly JudgedWindow[]): ThresholdInterval | undefined {
  if (windows.every(({ bad }) => bad) || !windows.some(({ bad }) => bad)) return undefined;
  const rows = rowsOf(windows);
  const likelihoodAt = (logLoad: number) => profileLikelihood(rows, logLoad);
  const logs = rows.map(({ x }) => x);
  const [least, most] = [Math.min(...logs) - beyond, Math.max(...logs) + beyond];
  const steps = Math.ceil((most - least) / step);
  const places = Array.from({ length: steps + 1 }, (_, i) => least + i * step);
  const found = places.map(likelihoodAt);
  const best = Math.max(...found);
  const worse = tQuantile(nominal, Math.max(1, windows.length - parameters)) ** 2 / 2;
  const inside = places.filter((_, i) => found[i]! >= best - worse);
  const ties = places.filter((_, i) => found[i]! >= best - 1e-6);
  return {
    value: Math.exp((ties[0]! + ties.at(-1)!) / 2),
    low: Math.exp(inside[0]! - step / 2),
    high: Math.exp(inside.at(-1)! + step / 2),
  };
}

/**
 * 98% by the book: a search chooses its loads by what came before, which costs some percent (simulated, what is called 98%
 * here covers 92% to 96%).
 */
const nominal = 0.99;
/** Of log(load): half a percent. */
const step = 0.005;
/** How far beyond the loads of a search its threshold is looked for. */
const beyond = 0.05;
/** Threshold, slope, drift. */
const parameters = 3;

type Row = { readonly x: number; readonly t: number; readonly bad: boolean };

/** Time from −1/2 to 1/2. */
function rowsOf(windows: readonly JudgedWindow[]): readonly Row[] {
  const instants = windows.map(({ at }) => at);
  const [first, last] = [Math.min(...instants), Math.max(...instants)];
  const middle = (first + last) / 2;
  const length = Math.max(last - first, Number.MIN_VALUE);
  return windows.map(({ load, at, bad }) => ({ x: Math.log(load), t: (at - middle) / length, bad }));
}

/** Slopes beyond this stand for no scatter at all: a window goes from good to bad within 1%. */
const steepest = 400;
/** A drift beyond a factor of two within a search is none. */
const furthest = Math.log(2);

/** The log likelihood at a threshold, at the slope and drift that fit best: concave, by Newton's method within bounds. */
function profileLikelihood(rows: readonly Row[], threshold: number): number {
  let [slope, drift] = [20, 0];
  let likelihood = likelihoodOf(rows, threshold, slope, drift);
  for (let i = 0; i < 60; i++) {
    const [toSlope, toDrift] = newtonStep(rows, threshold, slope, drift);
    let share = 1;
    let next = likelihood;
    let [nextSlope, nextDrift] = [slope, drift];
    for (; share > 1e-4; share /= 2) {
      nextSlope = clamp(slope + share * toSlope, 0, steepest);
      nextDrift = clamp(drift + share * toDrift, -furthest * nextSlope, furthest * nextSlope);
      next = likelihoodOf(rows, threshold, nextSlope, nextDrift);
      if (next > likelihood) break;
    }
    if (next - likelihood < 1e-7) return Math.max(next, likelihood);
    [slope, drift, likelihood] = [nextSlope, nextDrift, next];
  }
  return likelihood;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

function likelihoodOf(rows: readonly Row[], threshold: number, slope: number, drift: number): number {
  return rows.reduce((sum, { x, t, bad }) => {
    const odds = slope * (x - threshold) + drift * t;
    // log(1 + e^z) without overflow.
    const wrong = bad ? -odds : odds;
    return sum - (wrong > 0 ? wrong + Math.log1p(Math.exp(-wrong)) : Math.log1p(Math.exp(wrong)));
  }, 0);
}

/** Towards the best slope and drift; a little curvature keeps it finite where windows are all on their own side. */
function newtonStep(rows: readonly Row[], threshold: number, slope: number, drift: number): readonly [number, number] {
  let [gradientS, gradientD, ss, sd, dd] = [0, 0, 1e-6, 0, 1e-6];
  for (const { x, t, bad } of rows) {
    const distance = x - threshold;
    const share = 1 / (1 + Math.exp(-(slope * distance + drift * t)));
    const off = (bad ? 1 : 0) - share;
    const weight = share * (1 - share);
    gradientS += off * distance;
    gradientD += off * t;
    ss += weight * distance * distance;
    sd += weight * distance * t;
    dd += weight * t * t;
  }
  const determinant = ss * dd - sd * sd;
  return [(dd * gradientS - sd * gradientD) / determinant, (ss * gradientD - sd * gradientS) / determinant];
}
