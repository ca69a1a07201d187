import { betaPower, incompleteBeta } from './incomplete-beta.ts';

/**
 * P(|T| ≥ |t|) of Student's t with `degrees` of freedom, whole or not
 * (Abramowitz and Stegun 26.7.1 and 26.5.27).
 */
export function tTails(t: number, degrees: number): number {
  const [x, rest] = sharesAt(t, degrees);
  return incompleteBeta(x, degrees / 2, 0.5, rest);
}

/**
 * The t below which a share `p` of Student's distribution lies. Relative error below 1e-12 for degrees from ½ to a
 * million and shares down to 1e-6 from either end; closer to the ends it may throw a RangeError. Returns ∓Infinity at 0
 * and 1; throws a RangeError for shares outside of these, or without degrees of freedom.
 */
export function tQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1 && degrees > 0)) throw new RangeError(`quantile ${p} of t with ${degrees} degrees of freedom`);
  const within = 2 * Math.abs(p - 0.5);
  // Use the smaller of two shares that add up to 1: it has more digits.
  const t = within < 0.5 ? tWithin(within, degrees) : tOutside(2 * Math.min(p, 1 - p), degrees);
  return p < 0.5 ? -t : t;
}

/** The arguments n / (n + t²) and t² / (n + t²) of the beta functions, each without loss of digits. */
function sharesAt(t: number, degrees: number): readonly [x: number, rest: number] {
  const square = t * t;
  return [degrees / (degrees + square), 1 / (1 + degrees / square)];
}

/** t × the density of |T| at t. */
function slopeAt(t: number, degrees: number): number {
  return 2 * betaPower(...sharesAt(t, degrees), degrees / 2, 0.5);
}

/** The t with P(|T| < t) = share. The share is concave in t, so Newton's steps from below stay below the solution. */
function tWithin(share: number, degrees: number): number {
  if (share === 0) return 0;
  // The density of |T| is below 1 everywhere, so the share itself is below the solution.
  return newton(share, (t) => {
    const [x, rest] = sharesAt(t, degrees);
    return t + (t * (share - incompleteBeta(rest, 0.5, degrees / 2, x))) / slopeAt(t, degrees);
  });
}

/**
 * The t with P(|T| ≥ t) = share. Over s = ln(1 + t²/n) n/2 the logarithm of the share is nearly the line −s, slightly
 * convex and never above it: the first step from −ln(share) goes below the solution, the others rise to it.
 */
function tOutside(share: number, degrees: number): number {
  if (share === 0) return Number.POSITIVE_INFINITY;
  const tAt = (s: number) => Math.sqrt(degrees * Math.expm1((2 * s) / degrees));
  const s = newton(-Math.log(share), (s) => {
    const t = tAt(s);
    const outside = tTails(t, degrees);
    // ds/dt is t / (1 + t²/n).
    const perS = (slopeAt(t, degrees) / (t * t)) * (1 + (t * t) / degrees);
    return s + (Math.log(outside / share) * outside) / perS;
  });
  return tAt(s);
}

const mostSteps = 200;
/** Newton's error is squared in each step, so after a step this small none is left. */
const lastStep = 1e-9;

/** Repeats a step until it settles at a value above 0. */
function newton(start: number, step: (value: number) => number): number {
  let value = start;
  for (let count = 0; count < mostSteps; count++) {
    const next = step(value);
    if (Math.abs(next - value) <= lastStep * next) return next;
    value = next;
  }
  throw new RangeError(`Newton's steps from ${start} do not settle`);
}
