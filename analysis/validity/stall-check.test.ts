import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial, Histogram } from '../../results/schema/schema.ts';
import { plainHistogram, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { checkStalls } from './stall-check.ts';

type Stalls = NonNullable<CompletedTrial['stalls']>;

const calm: Partial<Histogram> = { count: 20_000, meanMs: 10, p50Ms: 10, p90Ms: 10, p95Ms: 10, p99Ms: 10, maxMs: 10 };

function textOf(
  stalls: Partial<Stalls>,
  delivery: Partial<Histogram> = calm,
  given: Partial<CompletedTrial> = {},
): string | undefined {
  const { latency } = plainTrial();
  return checkStalls(
    plainTrial({
      latency: { ...latency, delivery: plainHistogram({ ...calm, ...delivery }) },
      stalls: { gapMs: 0, gaps: [], lateMs: 1, lateUpdates: 0, undisturbed: plainHistogram(calm), ...stalls },
      ...given,
    }),
  )?.text;
}

const stop = (process: string, fromMs = 4_000, toMs = 4_503) => ({
  process,
  count: 1,
  totalMs: toMs - fromMs,
  longest: [{ fromMs, toMs }],
});

/** The only gap of a process. */
const lone = ({ longest }: ReturnType<typeof stop>) => longest[0]!;

test('a stall that made nothing is not named', () => {
  assert.equal(textOf({ gapMs: 40, gaps: [stop('load-1')] }), undefined);
  assert.equal(checkStalls(plainTrial()), undefined);
});

test('names the process, how long, when, and what is left out', () => {
  const { code, severity } = checkStalls(
    plainTrial({ stalls: { gapMs: 30_000, gaps: [stop('load-1')], lateMs: 1, lateUpdates: 0 } }),
  )!;
  assert.deepEqual([code, severity], ['stalled', 'caution']);
  assert.equal(
    textOf({ gapMs: 503, gaps: [stop('load-1')] }, { p99Ms: 440, maxMs: 490, meanMs: 13 }),
    'load-1 stood still for 503 ms, 4.00 s into the window. The instrument may have made p99, the mean and' +
      ' the longest, so they are left out. Free the machine and measure again.',
  );
  assert.match(
    textOf({ gapMs: 20, gaps: [stop('relay-1', 120, 140)] }, { maxMs: 30 })!,
    /^relay-1 stood still for 20\.0 ms, 120 ms into the window\. The instrument may have made the longest, so it is left out/,
  );
});

test('several gaps of a process are summed up, with the longest of them', () => {
  const longest = [
    { fromMs: -10, toMs: 30 },
    { fromMs: 500, toMs: 520 },
  ];
  assert.match(
    textOf({ gapMs: 60, gaps: [{ process: 'source', count: 7, totalMs: 130, longest }] }, { p99Ms: 30 })!,
    /^source stood still 7 times, for 130 ms in all, at most 40\.0 ms \(0 ms into the window\)\. The instrument may have made p99, so it is left out/,
  );
  // Of two that are as long, the first; one that begins in the window is named by its beginning.
  const alike = [stop('', 100, 140), stop('', 500, 540)].map(lone);
  assert.match(
    textOf({ gaps: [{ process: 'source', count: 2, totalMs: 80, longest: alike }] }, { p99Ms: 30 })!,
    /at most 40\.0 ms \(100 ms into the window\)\. The/,
  );
  assert.match(
    textOf({ gaps: [stop('load-1', 29_900, 30_100)] }, { p99Ms: 30 })!,
    /^load-1 stood still for 200 ms, 29\.9 s into the window\./,
  );
  assert.match(
    textOf({ gaps: [stop('load-1', 30_000, 30_100)] }, { p99Ms: 30 })!,
    /^load-1 stood still for 100 ms, after the window\./,
  );
});

test('of many processes the three that stood still for longest are named', () => {
  const gaps = [1, 5, 3, 2, 4].map((n) => stop(`load-${n}`, 0, n * 100));
  const text = textOf({ gapMs: 500, gaps }, { p99Ms: 400 })!;
  assert.match(text, /^load-5 .*; load-4 .*; load-3 .*; 2 more processes did too\. The/);
  assert.match(textOf({ gapMs: 400, gaps: gaps.slice(1) }, { p99Ms: 400 })!, /; 1 more process did too\. The/);
});

test('names what left late, unless a gap as long explains it', () => {
  const { lateness } = plainTrial();
  const late = (maxMs: number) => plainHistogram({ count: 100, maxMs });
  const given = { lateness: { ...lateness, source: late(30), publish: late(20), poll: late(12) } };
  assert.match(
    textOf({ lateUpdates: 9 }, { p99Ms: 40 }, given)!,
    /^updates left up to 30\.0 ms late; polls left up to 12\.0 ms late\. The instrument may have made p99, so it is left out/,
  );
  assert.match(
    textOf({ gaps: [stop('load-1', 0, 15)] }, { p99Ms: 40 }, given)!,
    /into the window; updates left up to 30\.0 ms late\. The/,
  );
  assert.match(textOf({ gaps: [stop('load-1', 0, 35)] }, { p99Ms: 40 }, given)!, /into the window\. The/);
  // As long as the latest is explained, and so is what was no more than late by definition.
  assert.match(textOf({ gaps: [stop('load-1', 0, 30)] }, { p99Ms: 40 }, given)!, /into the window\. The/);
  assert.match(textOf({ lateMs: 12 }, { p99Ms: 40 }, given)!, /^updates left up to 30\.0 ms late\. The/);
  // The longest gap of the process that stood still for longest.
  const two = { process: 'load-2', count: 2, totalMs: 36, longest: [stop('', 0, 34), stop('', 90, 92)].map(lone) };
  assert.match(textOf({ gaps: [stop('load-1', 0, 25), two] }, { p99Ms: 40 }, given)!, /^load-2.*; load-1[^;]*\. The/);
  const publishes = { lateness: { ...lateness, publish: late(20), source: late(3) } };
  assert.match(textOf({}, { p99Ms: 40 }, publishes)!, /^updates left up to 20\.0 ms late\. The/);
  const slightly = { lateness: { ...lateness, source: late(0.9) } };
  assert.match(textOf({ lateMs: 0.5 }, { p99Ms: 40 }, slightly)!, /^updates left up to 900 µs late\. The/);
});

test('the 99.9th percentile is named where it would be reported', () => {
  const gaps = [stop('load-1', 0, 40)];
  assert.equal(textOf({ gapMs: 40, gaps }), undefined);
  const { updates } = plainTrial();
  assert.match(
    textOf({ gapMs: 40, gaps }, calm, { updates: { ...updates, accepted: 10_000 } })!,
    /made p99\.9, so it is left out/,
  );
});

test('without deliveries there is nothing to tell', () => {
  assert.equal(textOf({ gapMs: 30_000, gaps: [stop('load-1', 0, 30_000)] }, { count: 0 }), undefined);
});
