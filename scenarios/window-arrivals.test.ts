import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomFrom } from './random.ts';
import { type Arrivals, ratePerSecond } from './scenario.ts';
import { seedFrom } from './seed.ts';
import { type Arrival, arrivalsInWindow, countInWindow, leastWindowMs } from './window-arrivals.ts';

const perSecond = fc.double({ min: 0.01, max: 500, noNaN: true });
const anyArrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), perSecond }),
  fc.record({ kind: fc.constant('poisson' as const), perSecond }),
  fc.record({
    kind: fc.constant('bursts' as const),
    perSecond: fc.double({ min: 0.01, max: 50, noNaN: true }),
    size: fc.integer({ min: 1, max: 20 }),
    gapMs: fc.double({ min: 0, max: 3_000, noNaN: true }),
  }),
  fc
    .array(fc.double({ min: 0, max: 5000, noNaN: true }), { maxLength: 30 })
    .map((list): Arrivals => ({ kind: 'trace', instantsMs: list.sort((a, b) => a - b), lengthMs: 5001 })),
);
const anyStreams = fc.integer({ min: 1, max: 12 });
/** Windows of a fraction of a microsecond too: durations have up to six decimals of a millisecond. */
const anyDurationUs = fc.oneof(fc.integer({ min: 1, max: 2_000_000 }), fc.double({ min: 1, max: 2e6, noNaN: true }));

function draw(arrivals: Arrivals, streams: number, durationUs: number, ...seed: (string | number)[]) {
  return arrivalsInWindow(arrivals, streams, durationUs, randomFrom(seedFrom(...seed)));
}

test('arrivals are whole, sorted, within the window and of an existing stream; the same seed gives the same list', () => {
  fc.assert(
    fc.property(anyArrivals, anyStreams, anyDurationUs, fc.integer(), (arrivals, streams, durationUs, seed) => {
      const list = draw(arrivals, streams, durationUs, seed);
      for (const [i, { atUs, stream }] of list.entries()) {
        assert.ok(Number.isInteger(atUs) && atUs >= 0 && atUs < durationUs, String(atUs));
        assert.ok(Number.isInteger(stream) && stream >= 0 && stream < streams);
        assert.ok(i === 0 || atUs >= list[i - 1]!.atUs);
      }
      assert.deepEqual(draw(arrivals, streams, durationUs, seed), list);
    }),
  );
});

test('every seed has the same number of arrivals: the rate × the window × the streams, rounded once', () => {
  fc.assert(
    fc.property(anyArrivals, anyStreams, anyDurationUs, fc.integer(), (arrivals, streams, durationUs, seed) => {
      const { length } = draw(arrivals, streams, durationUs, seed);
      assert.equal(length, countInWindow(arrivals, streams, durationUs));
      if (arrivals.kind === 'trace') return;
      const expected = (ratePerSecond(arrivals) * durationUs * streams) / 1e6;
      const size = arrivals.kind === 'bursts' ? arrivals.size : 1;
      assert.equal(length % size, 0, 'whole bursts');
      assert.ok(Math.abs(length - expected) <= size / 2 + 1e-6, `${length}, ${expected} expected`);
    }),
  );
});

test('the number, counted by hand', () => {
  const count = (arrivals: Arrivals, streams: number, seconds: number) => {
    assert.equal(
      draw(arrivals, streams, seconds * 1e6, 'by hand').length,
      countInWindow(arrivals, streams, seconds * 1e6),
    );
    return countInWindow(arrivals, streams, seconds * 1e6);
  };
  // Chat room: 10 channels, one message a second each, 3 s.
  assert.equal(count({ kind: 'poisson', perSecond: 1 }, 10, 3), 30);
  // Notifications: 200 people, one each three minutes: 27.8 in 25 s. Rounded over all, not per channel, where it is none.
  assert.equal(count({ kind: 'poisson', perSecond: 1 / 180 }, 200, 25), 28);
  assert.equal(count({ kind: 'poisson', perSecond: 0.1 }, 1, 4), 0);
  assert.equal(count({ kind: 'poisson', perSecond: 0.1 }, 1, 5), 1);
  // Presence: 0.2 bursts a second in 5 channels are 4.5 in 4.5 s, so 5 of 5 changes.
  assert.equal(count({ kind: 'bursts', perSecond: 0.2, size: 5, gapMs: 50 }, 5, 4.5), 25);
  assert.equal(count({ kind: 'constant', perSecond: 20 }, 4, 3), 240);
  // 1.2 in each of four: 4.8.
  assert.equal(count({ kind: 'constant', perSecond: 0.3 }, 4, 4), 5);
  assert.equal(count({ kind: 'trace', instantsMs: [0, 400, 999], lengthMs: 1_000 }, 2, 1.5), 10);
  assert.equal(count({ kind: 'trace', instantsMs: [60_000], lengthMs: 61_000 }, 2, 60), 0);
});

test('a window of the least length has an arrival, a shorter one has none', () => {
  const lengths = (arrivals: Arrivals, streams: number) => {
    const leastUs = leastWindowMs(arrivals, streams) * 1000;
    return [0.999, 1, 1.001].map((factor) => countInWindow(arrivals, streams, leastUs * factor) > 0);
  };
  assert.equal(leastWindowMs({ kind: 'poisson', perSecond: 0.001 }, 10), 50_000);
  assert.deepEqual(lengths({ kind: 'poisson', perSecond: 0.001 }, 10), [false, true, true]);
  assert.deepEqual(lengths({ kind: 'constant', perSecond: 0.25 }, 2), [false, true, true]);
  assert.deepEqual(lengths({ kind: 'bursts', perSecond: 0.5, size: 9, gapMs: 1_000 }, 2), [false, true, true]);
  // An instant at the end of the window is not in it.
  assert.deepEqual(lengths({ kind: 'trace', instantsMs: [60_000, 60_010], lengthMs: 90_000 }, 2), [false, false, true]);
  assert.equal(leastWindowMs({ kind: 'trace', instantsMs: [], lengthMs: 5 }, 1), Number.POSITIVE_INFINITY);
});

test('a rate of 0 and an empty trace give no arrivals', () => {
  for (const kind of ['constant', 'poisson'] as const) assert.deepEqual(draw({ kind, perSecond: 0 }, 3, 1e6, 1), []);
  assert.deepEqual(draw({ kind: 'bursts', perSecond: 0, size: 3, gapMs: 5 }, 3, 1e6, 1), []);
  assert.deepEqual(draw({ kind: 'trace', instantsMs: [], lengthMs: 5 }, 3, 1e6, 1), []);
});

/** Pearson's statistic for equally likely cells, as standard deviations from its mean (χ² has a variance of 2 df). */
function chiSquareDeviations(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
  const degrees = counts.length - 1;
  return (statistic - degrees) / Math.sqrt(2 * degrees);
}

function cellCounts(indices: readonly number[], cells: number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (const index of indices) counts[index]!++;
  return counts;
}

test('poisson: instants are uniform over the window, channels are equally likely, and neither tells the other', () => {
  const streams = 8;
  const list = draw({ kind: 'poisson', perSecond: 1_000 }, streams, 25e6, 'uniform');
  assert.equal(list.length, 200_000);
  const tenthOf = ({ atUs }: Arrival) => Math.floor(atUs / 2.5e6);
  const cells = {
    fine: cellCounts(
      list.map(({ atUs }) => Math.floor(atUs / 2.5e4)),
      1_000,
    ),
    streams: cellCounts(
      list.map(({ stream }) => stream),
      streams,
    ),
    both: cellCounts(
      list.map((arrival) => tenthOf(arrival) * streams + arrival.stream),
      10 * streams,
    ),
  };
  // The seed is fixed: this passes always or never.
  for (const [name, counts] of Object.entries(cells)) {
    assert.ok(Math.abs(chiSquareDeviations(counts)) < 3, `${name}: ${chiSquareDeviations(counts)}`);
  }
});

const windows = 4_000;

/** The number of arrivals of each stream in many windows. */
function countsByStream(arrivals: Arrivals, streams: number, durationUs: number): readonly (readonly number[])[] {
  return Array.from({ length: windows }, (_, seed) =>
    cellCounts(
      draw(arrivals, streams, durationUs, 'by stream', seed).map(({ stream }) => stream),
      streams,
    ),
  );
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

test("poisson: each stream's share is random, with the variance of a multinomial", () => {
  const streams = 10;
  const counts = countsByStream({ kind: 'poisson', perSecond: 1 }, streams, 3e6).flat();
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  assert.equal(mean, 3);
  // n p (1 − p) with n = 30 and p = 1/10. The standard error of this variance is about 1%.
  assert.ok(Math.abs(varianceOf(counts) / 2.7 - 1) < 0.04, String(varianceOf(counts)));
});

test('poisson: polls come back empty as e^(−λP) says, within 2%, and exactly as of a fixed number', () => {
  const [streams, durationUs, pollUs] = [10, 3e6, 1e6];
  let empty = 0;
  let polls = 0;
  for (let seed = 0; seed < windows; seed++) {
    const found = draw({ kind: 'poisson', perSecond: 1 }, streams, durationUs, 'polls', seed);
    const seen = new Set(found.map(({ atUs, stream }) => `${stream}/${Math.floor(atUs / pollUs)}`));
    polls += (streams * durationUs) / pollUs;
    empty += (streams * durationUs) / pollUs - seen.size;
  }
  const share = empty / polls;
  assert.ok(Math.abs(share / Math.exp(-1) - 1) < 0.02, `${share}, ${Math.exp(-1)} expected`);
  // Thirty updates over thirty intervals: none falls into this one with (29/30)^30. One standard error is 0.1%.
  assert.ok(Math.abs(share / (29 / 30) ** 30 - 1) < 0.005, `${share}, ${(29 / 30) ** 30} expected`);
  // A number fixed for each channel would give (2/3)^3, which is 19% too low.
  assert.ok(share / (2 / 3) ** 3 > 1.2);
});

test('bursts: whole ones of the given size and gap, each in one stream; what the end cuts off stands at the start', () => {
  const [streams, durationUs] = [3, 2e6];
  const gapUs = 150_000;
  const list = draw({ kind: 'bursts', perSecond: 2, size: 4, gapMs: 150 }, streams, durationUs, 'bursts');
  assert.equal(list.length, 12 * 4);
  // From an instant on, each further one of its burst is a gap later, around the window.
  const left = new Map<string, number>();
  const key = (stream: number, atUs: number) => `${stream}/${atUs % durationUs}`;
  for (const { stream, atUs } of list) left.set(key(stream, atUs), (left.get(key(stream, atUs)) ?? 0) + 1);
  const take = (at: string) => {
    const count = left.get(at) ?? 0;
    if (count === 0) return false;
    left.set(at, count - 1);
    return true;
  };
  const isStart = ({ stream, atUs }: Arrival) => !left.get(key(stream, atUs - gapUs + durationUs));
  const starts = list.filter(isStart);
  assert.equal(starts.length, 12);
  for (const { stream, atUs } of starts) {
    for (let i = 0; i < 4; i++) assert.ok(take(key(stream, atUs + i * gapUs)), `${stream}/${atUs} lacks ${i}`);
  }
});

const steady: readonly Arrivals[] = [
  { kind: 'constant', perSecond: 7.3 },
  { kind: 'poisson', perSecond: 12 },
  { kind: 'bursts', perSecond: 0.8, size: 5, gapMs: 300 },
];

for (const arrivals of steady) {
  test(`${arrivals.kind}: as much happens at both ends of the window as in its middle`, () => {
    const [seeds, seconds, streams] = [500, 10, 4];
    const all = Array.from({ length: seeds }, (_, seed) =>
      draw(arrivals, streams, seconds * 1e6, 'steady', seed),
    ).flat();
    const size = arrivals.kind === 'bursts' ? arrivals.size : 1;
    const mean = all.length / seconds;
    for (const [second, count] of cellCounts(
      all.map(({ atUs }) => Math.floor(atUs / 1e6)),
      seconds,
    ).entries()) {
      assert.ok(Math.abs(count - mean) < 4 * Math.sqrt(mean * size), `second ${second}: ${count}, ${mean} expected`);
    }
  });
}

test('constant: each stream ticks evenly from a phase of its own; which have one more is random', () => {
  const [streams, perSecond] = [4, 0.3];
  const periodUs = 1e6 / perSecond;
  const longer = cellCounts(
    Array.from({ length: windows }, (_, seed) => {
      const list = draw({ kind: 'constant', perSecond }, streams, 4e6, 'constant', seed);
      const byStream = Array.from({ length: streams }, (__, stream) => list.filter((each) => each.stream === stream));
      for (const ticks of byStream) {
        assert.ok(ticks[0]!.atUs < periodUs);
        if (ticks.length === 2) assert.ok(Math.abs(ticks[1]!.atUs - ticks[0]!.atUs - periodUs) <= 1);
        // The next one is beyond the window.
        else assert.ok(ticks.length === 1 && ticks[0]!.atUs + periodUs >= 4e6 - 1);
      }
      return byStream.findIndex(({ length }) => length === 2);
    }),
    streams,
  );
  // 4.8 ticks are rounded to 5: one of the four streams has two.
  assert.ok(Math.abs(chiSquareDeviations(longer)) < 3, longer.join());
});

test('constant: in a window of whole periods phases are uniform over the period', () => {
  const phases = Array.from({ length: windows }, (_, seed) =>
    draw({ kind: 'constant', perSecond: 20 }, 2, 1e6, 'phases', seed).filter(({ atUs }) => atUs < 50_000),
  ).flat();
  assert.equal(phases.length, 2 * windows);
  const cells = cellCounts(
    phases.map(({ atUs }) => Math.floor(atUs / 1_000)),
    50,
  );
  assert.ok(Math.abs(chiSquareDeviations(cells)) < 3, cells.join());
});

test('a trace is replayed in every stream', () => {
  const trace: Arrivals = { kind: 'trace', instantsMs: [0, 1.5], lengthMs: 10 };
  assert.deepEqual(
    draw(trace, 2, 11_000, 1).map(({ atUs, stream }) => [atUs, stream]),
    [
      [0, 0],
      [0, 1],
      [1500, 0],
      [1500, 1],
      [10_000, 0],
      [10_000, 1],
    ],
  );
});
