import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileOf, type Question, staleTruthUs, truthFor } from './truth.ts';

const question: Question = {
  transport: 'websocket',
  intendedUs: [10, 20, 30, 40, 70],
  delayUs: 0,
  stall: { fromUs: 15, toUs: 50 },
  firstPollUs: 5,
  pollIntervalUs: 20,
};

test('an update that is pushed in a stall arrives at its end, every other one at once', () => {
  for (const transport of ['websocket', 'sse', 'long-polling'] as const) {
    assert.deepEqual(truthFor({ ...question, transport }).receivedUs, [10, 50, 50, 50, 70]);
  }
});

test('a delay is added to each update, before the stall', () => {
  assert.deepEqual(truthFor({ ...question, delayUs: 4 }).receivedUs, [14, 50, 50, 50, 74]);
  assert.deepEqual(truthFor({ ...question, delayUs: 15 }).receivedUs, [50, 50, 50, 55, 85]);
});

test('a poll in a stall is answered at its end with all updates so far, if the source came before it', () => {
  // Polls at 5, 25 (answered at 50), 45 (skipped), 65, 85.
  const truth = truthFor({ ...question, transport: 'short-polling' });
  assert.deepEqual(truth, { receivedUs: [50, 50, 50, 50, 85], skippedPolls: 1 });
});

test('a poll that came before the source is answered with the state from before the stall', () => {
  // Polls at 17 (answered at 50 with what came until 15), 37 (skipped), 57, 77.
  const truth = truthFor({ ...question, transport: 'short-polling', firstPollUs: 17 });
  assert.deepEqual(truth, { receivedUs: [50, 57, 57, 57, 77], skippedPolls: 1 });
});

test('percentiles count as an HdrHistogram does', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.deepEqual(
    [0, 1, 50, 99, 99.1, 100].map((percentile) => percentileOf(values, percentile)),
    [1, 1, 50, 99, 100, 100],
  );
});

test('a view is stale while any version is outstanding; overlaps count once, and only within the window', () => {
  const window = { fromUs: 0, toUs: 100 };
  assert.equal(staleTruthUs([10, 30], [20, 45], window), 25);
  assert.equal(staleTruthUs([10, 15], [20, 25], window), 15);
  assert.equal(staleTruthUs([10, 15], [25, 20], window), 10);
  assert.equal(staleTruthUs([90], [150], window), 10);
});
