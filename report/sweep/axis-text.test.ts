import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisText, headingOf } from './axis-text.ts';

test('values are at a readable scale', () => {
  assert.deepEqual(
    [
      axisText('pollIntervalMs', 1000),
      axisText('payloadBytes', 6000),
      axisText('clients', 1000),
      axisText('lossShare', 0.01),
    ],
    ['1 s', '6 kB', '1,000', '1%'],
  );
});

test('a heading has counts before their noun, and amounts after their title', () => {
  assert.deepEqual(
    [headingOf('pollIntervalMs', 250), headingOf('rttMs', 40), headingOf('clients', 300)],
    ['Poll interval 250 ms', 'RTT 40 ms', '300 clients'],
  );
});
