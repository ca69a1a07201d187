import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencySamples } from './sampled-latency.ts';

const samplesAt = (nowUs: number) => new LatencySamples({ epoch: { seconds: 0, nanoseconds: 0 }, nowUs: () => nowUs });

test('the latency of a pushed update is from its intended instant, whatever is around it', () => {
  const samples = samplesAt(5_000);
  const frame = Buffer.from('\x81\x7eid: 7\ndata: [12,1800,3,"x"]\n\n', 'latin1');
  for (let i = 0; i < 96; i++) samples.pushed(frame);
  assert.equal(samples.p50Us(), null);
  samples.pushed(frame);
  assert.equal(samples.p50Us(), 3_200);
  samples.clear();
  assert.equal(samples.p50Us(), null);
});

test('the latency of a poll is from when it was due, of the client that was looked at', () => {
  const samples = samplesAt(5_000);
  for (let client = 1; client <= 97; client++) samples.asked(client, 4_000);
  samples.answered(96);
  assert.equal(samples.p50Us(), null);
  samples.answered(97);
  samples.answered(97);
  assert.equal(samples.p50Us(), 1_000);
});
