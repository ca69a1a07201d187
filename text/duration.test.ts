import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration, roundedDuration } from './duration.ts';
import { UsageError } from './usage-error.ts';

const parse = (text: string) => parseDuration('--hold', text, 0, 600_000);

test('reads milliseconds, seconds and minutes', () => {
  assert.equal(parse('250ms'), 250);
  assert.equal(parse('2s'), 2_000);
  assert.equal(parse('1.5s'), 1_500);
  assert.equal(parse('5m'), 300_000);
  assert.equal(parse('0'), 0);
  assert.equal(parse('0s'), 0);
});

test('refuses text that is not a duration, has no unit or is out of range', () => {
  const refused: Readonly<Record<string, RegExp>> = {
    '40': /^--hold: "40" has no unit; give a duration from 0 to 10m, such as 250ms, 2s or 5m$/,
    '': /^--hold: "" is no duration/,
    '-1s': /^--hold: "-1s" is no duration/,
    '2 s': /is no duration/,
    '1e3s': /is no duration/,
    '2h': /is no duration/,
    '11m': /^--hold: "11m" is not allowed; give a duration from 0 to 10m/,
    '999999999m': /is not allowed/,
  };
  for (const [text, message] of Object.entries(refused)) {
    assert.throws(
      () => parse(text),
      (error) => error instanceof UsageError && message.test(error.message),
      text,
    );
  }
});

test('parseDuration reads what formatDuration writes', () => {
  for (const milliseconds of [0, 1, 250, 999, 1_000, 1_500, 1_501, 60_000, 90_000, 600_000]) {
    assert.equal(parse(formatDuration(milliseconds)), milliseconds);
  }
});

test('roundedDuration rounds for people', () => {
  assert.deepEqual([400, 59_400, 60_000, 274_400, 600_000, 2_317_000, 3_600_000, 4_200_000].map(roundedDuration), [
    '0 s',
    '59 s',
    '1 min',
    '4 min 34 s',
    '10 min',
    '39 min',
    '1 h',
    '1 h 10 min',
  ]);
});
