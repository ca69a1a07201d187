/**
 * The regularised incomplete beta function I_x(a, b): the share, 0 to 1, of a beta distribution with parameters `a` and
 * `b` that lies below `x`. Throws a RangeError unless x is from 0 to 1 and both parameters are above 0. Relative error
 * below 1e-12 up to parameters of a million.
 *
 * `rest` is 1 − x. Give it if it is known more precisely than by subtraction: near x = 1 most of its digits would be
 * lost, and with large parameters so would those of the result.
 */
export function incompleteBeta(x: number, a: number, b: number, rest = 1 - x): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) throw new RangeError(`I_x(a, b) of x ${x}, a ${a}, b ${b}`);
  if (x === 0) return 0;
  if (rest === 0) return 1;
  // The fraction converges fast below the mean; above it, compute the other side of the distribution.
  return x * (a + b + 2) <= a + 1 ? lowerShare(x, rest, a, b) : 1 - lowerShare(rest, x, b, a);
}

function lowerShare(x: number, rest: number, a: number, b: number): number {
  return betaPower(x, rest, a, b) / continuedFraction(x, rest, a, b);
}

/**
 * x^a (1 − x)^b / B(a, b) by the saddle point (Loader 2000, "Fast and accurate computation of binomial probabilities").
 * Logarithms of gamma functions would lose digits: they are large numbers with a small difference.
 */
export function betaPower(x: number, rest: number, a: number, b: number): number {
  if (x > rest) return betaPower(rest, x, b, a);
  const sum = a + b;
  // The distance of the two shares from the mean; that of the larger share is computed from the smaller, which has more
  // digits.
  const distance = a * Math.log((sum * x) / a) + b * Math.log1p((a - sum * x) / b);
  const corrections = stirlingError(sum) - stirlingError(a) - stirlingError(b);
  return Math.sqrt((a / sum) * (b / (2 * Math.PI))) * Math.exp(distance + corrections);
}

/** Coefficients of 1/z, 1/z³, 1/z⁵ … (Abramowitz and Stegun 6.1.41). */
const stirlingSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188];
/** From here on what the series leaves out is below 2e-14. */
const seriesFrom = 10;

/** The error of Stirling's formula: ln Γ(z) − ((z − ½) ln z − z + ½ ln 2π). */
function stirlingError(z: number): number {
  let left = 0;
  let raised = z;
  // Raise z by Γ(z + 1) = z Γ(z) to where the series is exact.
  for (; raised < seriesFrom; raised++) left += (raised + 0.5) * Math.log1p(1 / raised) - 1;
  const square = raised * raised;
  return left + stirlingSeries.reduceRight((sum, coefficient) => sum / square + coefficient, 0) / raised;
}

/** Replaces a denominator of 0, so that the division goes on. */
const tiny = 1e-300;
const mostSteps = 100_000;

/**
 * The continued fraction of Didonato and Morris (1992, "Algorithm 708", BFRAC): every second step of DLMF 8.17.22
 * (https://dlmf.nist.gov/8.17.E22), written with `rest`, so that no digits are lost near x = 1. Evaluated by Lentz's
 * method as modified by Thompson and Barnett (1986).
 */
function continuedFraction(x: number, rest: number, a: number, b: number): number {
  // a (1 − x) − b x, from the smaller of the two shares.
  const distance = x > rest ? (a + b) * rest - b : a - (a + b) * x;
  const denominator = (m: number) =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) / (a + 2 * m + 1)) * (distance + 1 + m * (1 + rest));
  // At m = 0 the middle term is 0, also where a is 1.
  let fraction = (a / (a + 1)) * (distance + 1) || tiny;
  let [numerators, denominators] = [fraction, 0];
  for (let m = 1; m <= mostSteps; m++) {
    const e = (x / (a + 2 * m - 1)) ** 2;
    const numerator = (a + m - 1) * (a + b + m - 1) * m * (b - m) * e;
    denominators = 1 / (denominator(m) + numerator * denominators || tiny);
    numerators = denominator(m) + numerator / numerators || tiny;
    const factor = numerators * denominators;
    fraction *= factor;
    if (Math.abs(factor - 1) < Number.EPSILON) return fraction;
  }
  throw new RangeError(`the fraction of I_x(a, b) does not settle at x ${x}, a ${a}, b ${b}`);
}
