import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from './limits.ts';

test('the thresholds are those that docs/method.md explains', () => {
  assert.deepEqual(limits, {
    utilization: 0.9,
    core: 0.9,
    instrumentCore: 0.92,
    lateness: 0.1,
    stalled: { share: 0.1, ms: 0.5 },
    byteDifference: 0.001,
    retransmitted: 0.01,
    rate: 0.99,
    skippedPolls: 0.01,
    warmupMs: 5_000,
    warmupOperations: 10_000,
    updatesForP99: 1_000,
    meanOfPercentiles: 0.002,
    littlesLaw: 0.002,
    clock: 0.1,
    steal: 0.01,
    strangers: 0.1,
    throttledMs: 0,
    slowdown: 1.5,
    drift: 0.05,
    outlier: 0.1,
    unsteady: 0.1,
  });
});
