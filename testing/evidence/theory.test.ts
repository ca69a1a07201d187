import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longPollingMeanMs } from './theory.ts';

test('long polling: the travel alone where updates are rare, twice as long where there are always some waiting', () => {
  // 0.4 updates in the gap and e^-0.4 = 0.6703 after it: (1 + 0.4 / 1.0703) × 20.
  assert.ok(Math.abs(longPollingMeanMs(10, 40) - 27.474) < 0.001);
  assert.ok(Math.abs(longPollingMeanMs(20, 40) - 32.807) < 0.001);
  assert.ok(Math.abs(longPollingMeanMs(1e-6, 40) - 20) < 0.001);
  assert.ok(Math.abs(longPollingMeanMs(1e4, 40) - 40) < 0.001);
});
