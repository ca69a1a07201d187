import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Arrivals } from '../../../scenarios/scenario.ts';
import { perMs, silenceShare, voidIntegralMs, voidProbability } from './void-probability.ts';

function assertClose(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 1e-9, `${found}, not ${expected}`);
}

const poisson: Arrivals = { kind: 'poisson', perSecond: 2 };
const bursts: Arrivals = { kind: 'bursts', perSecond: 1, size: 3, gapMs: 100 };
const constant: Arrivals = { kind: 'constant', perSecond: 10 };
/** Gaps of 30 and 70 ms. */
const trace: Arrivals = { kind: 'trace', instantsMs: [5, 35], lengthMs: 100 };

describe('void probability', () => {
  const cases: readonly (readonly [string, Arrivals, stretchMs: number, expected: number])[] = [
    ['poisson: e^(−1) in half a second', poisson, 500, Math.exp(-1)],
    // Each of the three places of a burst may fall into the 50 ms.
    ['bursts, within a gap', bursts, 50, Math.exp(-0.15)],
    ['bursts, as long as a gap', bursts, 100, Math.exp(-0.3)],
    // 300 ms, and two gaps before it.
    ['bursts, beyond a gap', bursts, 300, Math.exp(-0.5)],
    ['constant: a quarter of the period', constant, 25, 0.75],
    ['constant: the whole period', constant, 100, 0],
    ['constant: beyond the period', constant, 250, 0],
    ['trace: 20 and 60 of 100 ms', trace, 10, 0.8],
    ['trace: only the longer gap', trace, 50, 0.2],
    ['trace: beyond both', trace, 80, 0],
    ['nothing fits into no time', bursts, 0, 1],
  ];
  for (const [name, arrivals, stretchMs, expected] of cases) {
    test(name, () => assertClose(voidProbability(arrivals, stretchMs), expected));
  }
});

describe('integral of the void probability', () => {
  const cases: readonly (readonly [string, Arrivals, stretchMs: number, expectedMs: number])[] = [
    ['poisson', poisson, 500, 500 * (1 - Math.exp(-1))],
    ['bursts, within a gap', bursts, 50, (1 - Math.exp(-0.15)) / 0.003],
    [
      'bursts, beyond a gap',
      bursts,
      300,
      (1 - Math.exp(-0.3)) / 0.003 + (Math.exp(-0.3) * (1 - Math.exp(-0.2))) / 0.001,
    ],
    // A trapezium of 25 ms between 1 and 0.75.
    ['constant, within the period', constant, 25, 21.875],
    ['constant: a triangle of the whole period', constant, 250, 50],
    // (30² + 70² − 20²) / 2 / 100.
    ['trace', trace, 50, 27],
    ['without updates all of the time', { kind: 'poisson', perSecond: 0 }, 70, 70],
  ];
  for (const [name, arrivals, stretchMs, expectedMs] of cases) {
    test(name, () => assertClose(voidIntegralMs(arrivals, stretchMs), expectedMs));
  }
});

test('mean arrivals per millisecond count each update of a burst', () => {
  assertClose(perMs(bursts), 0.003);
  assertClose(perMs(trace), 0.02);
});

describe('share of arrivals that nothing follows for so long', () => {
  const cases: readonly (readonly [string, Arrivals, stretchMs: number, expected: number])[] = [
    ['poisson: e^(−1) for half a second', poisson, 500, Math.exp(-1)],
    ['no arrivals', { kind: 'poisson', perSecond: 0 }, 500, 1],
    ['constant: less than the period', constant, 99, 1],
    ['constant: more than the period', constant, 101, 0],
    // Of three arrivals the last alone, unless another burst begins within the two gaps before and the time after.
    ['bursts, beyond a gap', bursts, 300, Math.exp(-0.5) / 3],
    ['trace: the longer of two gaps', trace, 50, 0.5],
  ];
  for (const [name, arrivals, stretchMs, expected] of cases) {
    test(name, () => {
      const found = silenceShare(arrivals, stretchMs);
      assert.ok(Math.abs(found - expected) < 1e-5, String(found));
    });
  }
});
