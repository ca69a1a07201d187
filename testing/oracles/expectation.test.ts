import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf } from '../synthetic/synthetic-histogram.ts';
import { agrees, comparePercentiles } from './expectation.ts';
import type { OracleResult } from './oracle-trial.ts';

/** Ten updates to two clients each: 10, 20, ... 100 ms. */
const truth = {
  latenciesMs: Array.from({ length: 20 }, (_, i) => 10 * (1 + Math.floor(i / 2))),
  staleFraction: 0,
  skippedPolls: 0,
  audience: 2,
};

function reporting(ms: number): Pick<OracleResult, 'record'> {
  const { encoded } = histogramOf([ms]);
  return { record: { latency: { delivery: { encoded } } } } as OracleResult;
}

test('the truth is the nearest of what the updates around a percentile took', () => {
  const truthFor = (reportedMs: number) => comparePercentiles(truth, reporting(reportedMs), [50])[0]!.truthMs;
  assert.equal(truthFor(20), 40);
  assert.equal(Math.round(truthFor(47)), 47);
  assert.equal(truthFor(90), 60);
});

test('agreement is within 3% or 2 ms, whichever is more, and the room', () => {
  const verdicts = [1.9, 2.1, 102.9, 103.1].map((reportedMs) =>
    agrees({ percentile: 50, truthMs: reportedMs < 50 ? 0 : 100, reportedMs }, 0),
  );
  assert.deepEqual(verdicts, [true, false, true, false]);
  assert.ok(agrees({ percentile: 50, truthMs: 0, reportedMs: 2.9 }, 1));
  assert.ok(!agrees({ percentile: 50, truthMs: 0, reportedMs: 3.1 }, 1));
});
