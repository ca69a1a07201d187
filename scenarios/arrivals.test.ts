import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accelerated, arrivalInstantsUs } from './arrivals.ts';
import { randomFrom } from './random.ts';
import { type Arrivals, ratePerSecond } from './scenario.ts';
import { seedFrom } from './seed.ts';

const perSecond = fc.double({ min: 0.01, max: 2000, noNaN: true });
const anyTrace = fc
  .array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 30 })
  .map((list): Arrivals => ({ kind: 'trace', instantsMs: list.sort((a, b) => a - b), lengthMs: 5001 }));
const anyArrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), perSecond }),
  fc.record({ kind: fc.constant('poisson' as const), perSecond }),
  fc.record({
    kind: fc.constant('bursts' as const),
    perSecond: fc.double({ min: 0.01, max: 50, noNaN: true }),
    size: fc.integer({ min: 1, max: 20 }),
    gapMs: fc.double({ min: 0, max: 500, noNaN: true }),
  }),
  anyTrace,
);
const anyDurationUs = fc.nat(2_000_000);

function instants(arrivals: Arrivals, durationUs: number, ...seed: (string | number)[]): number[] {
  return arrivalInstantsUs(arrivals, durationUs, randomFrom(seedFrom(...seed)));
}

test('instants are whole, sorted and within the window; the same seed gives the same list', () => {
  fc.assert(
    fc.property(anyArrivals, anyDurationUs, fc.integer(), (arrivals, durationUs, seed) => {
      const list = instants(arrivals, durationUs, seed);
      for (const [i, atUs] of list.entries()) {
        assert.ok(Number.isInteger(atUs) && atUs >= 0 && atUs < durationUs);
        assert.ok(i === 0 || atUs >= list[i - 1]!);
      }
      assert.deepEqual(instants(arrivals, durationUs, seed), list);
    }),
  );
});

test('accelerating multiplies the rate; in the inversely scaled window the number of instants is the same', () => {
  fc.assert(
    fc.property(anyArrivals, anyDurationUs, fc.constantFrom(2, 4, 8), (arrivals, durationUs, factor) => {
      const fast = accelerated(arrivals, factor);
      assert.ok(Math.abs(ratePerSecond(fast) - factor * ratePerSecond(arrivals)) <= 1e-9 * ratePerSecond(fast));
      const slow = instants(arrivals, durationUs * factor, 'same');
      const slowed = instants(fast, durationUs, 'same').map((atUs) => atUs * factor);
      // Rounding to microseconds may push an instant over an edge of the window.
      assert.ok(Math.abs(slow.length - slowed.length) <= 1 + clumpOf(arrivals));
    }),
  );
});

/** How many instants may coincide or come in one group. */
function clumpOf(arrivals: Arrivals): number {
  if (arrivals.kind === 'trace') return arrivals.instantsMs.length;
  return arrivals.kind === 'bursts' ? arrivals.size : 1;
}

const steady: readonly Arrivals[] = [
  { kind: 'constant', perSecond: 7.3 },
  { kind: 'poisson', perSecond: 12 },
  { kind: 'bursts', perSecond: 0.8, size: 5, gapMs: 300 },
];

for (const arrivals of steady) {
  test(`${arrivals.kind}: has the requested mean rate at both ends of the window`, () => {
    const seeds = 500;
    const seconds = 10;
    const all = Array.from({ length: seeds }, (_, seed) =>
      instants(arrivals, seconds * 1e6, arrivals.kind, seed),
    ).flat();
    const inSecond = (second: number) => all.filter((atUs) => Math.floor(atUs / 1e6) === second).length;
    // Clumps form a Poisson process: the variance of a count is its mean times the clump size. With fixed seeds this
    // passes always or never.
    const agrees = (count: number, mean: number) => Math.abs(count - mean) < 4 * Math.sqrt(mean * clumpOf(arrivals));
    const mean = ratePerSecond(arrivals) * seeds;
    assert.ok(agrees(all.length, mean * seconds), `${all.length} instants, ${mean * seconds} expected`);
    assert.ok(agrees(inSecond(0), mean), `first second: ${inSecond(0)}, ${mean} expected`);
    assert.ok(agrees(inSecond(seconds - 1), mean), `last second: ${inSecond(seconds - 1)}, ${mean} expected`);
  });
}

test('constant: equal gaps without drift; another seed gives another phase', () => {
  const list = instants({ kind: 'constant', perSecond: 30 }, 60e6, 1);
  assert.equal(list.length, 1800);
  for (const [i, atUs] of list.entries()) assert.ok(Math.abs(atUs - list[0]! - (i * 1e6) / 30) <= 1);
  assert.notEqual(list[0], instants({ kind: 'constant', perSecond: 30 }, 60e6, 2)[0]);
});

test('poisson: the standard deviation of gaps equals their mean', () => {
  const list = instants({ kind: 'poisson', perSecond: 1000 }, 20e6, 'gaps');
  const gaps = list.slice(1).map((atUs, i) => atUs - list[i]!);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  assert.ok(Math.abs(deviation / mean - 1) < 0.05, `${deviation} / ${mean}`);
});

test('bursts: instants come in groups of the given size and gap', () => {
  const list = instants({ kind: 'bursts', perSecond: 0.1, size: 4, gapMs: 10 }, 1000e6, 'groups');
  const gaps = list.slice(1).map((atUs, i) => atUs - list[i]!);
  const within = gaps.filter((gap) => Math.abs(gap - 10_000) <= 1).length;
  assert.ok(within >= 0.7 * gaps.length, `${within} of ${gaps.length}`);
});

test('trace: repeats as recorded, without randomness', () => {
  const trace: Arrivals = { kind: 'trace', instantsMs: [0, 1.5, 1.5, 7], lengthMs: 10 };
  assert.deepEqual(instants(trace, 12_000, 1), [0, 1500, 1500, 7000, 10_000, 11_500, 11_500]);
  assert.deepEqual(instants(trace, 12_000, 2), instants(trace, 12_000, 1));
  assert.deepEqual(instants(accelerated(trace, 2), 6000, 1), [0, 750, 750, 3500, 5000, 5750, 5750]);
});

test('a rate of 0 and an empty trace give no instants', () => {
  for (const kind of ['constant', 'poisson'] as const) assert.deepEqual(instants({ kind, perSecond: 0 }, 1e6, 1), []);
  assert.deepEqual(instants({ kind: 'bursts', perSecond: 0, size: 3, gapMs: 5 }, 1e6, 1), []);
  assert.deepEqual(instants({ kind: 'trace', instantsMs: [], lengthMs: 5 }, 1e6, 1), []);
});
