import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, formatParameter, formatValue } from './format.ts';

test('durations take the unit in which they are read', () => {
  assert.equal(formatValue(0, 'ms'), '0 ms');
  assert.equal(formatValue(0.0854, 'ms'), '85.4 µs');
  assert.equal(formatValue(41.25, 'ms'), '41.3 ms');
  assert.equal(formatValue(999.7, 'ms'), '1.00 s');
  assert.equal(formatValue(1_033.2, 'ms'), '1.03 s');
});

test('sizes use SI prefixes, whole bytes stay whole', () => {
  assert.equal(formatValue(0, 'bytes'), '0 B');
  assert.equal(formatValue(812, 'bytes'), '812 B');
  assert.equal(formatValue(812.25, 'bytes'), '812 B');
  assert.equal(formatValue(12_921, 'bytes'), '12.9 kB');
  assert.equal(formatValue(49_100_000, 'bytes'), '49.1 MB');
});

test('shares, rates and counts', () => {
  assert.equal(formatValue(0.5214, 'share'), '52.1%');
  assert.equal(formatValue(20.31, 'ms/s'), '20.3 ms/s');
  assert.equal(formatValue(12_345, 'count'), '12,345');
  assert.equal(formatValue(59.6, 'count'), '59.6');
  assert.equal(formatValue(Number.NaN, 'ms'), '–');
  assert.equal(formatNumber(1_234_567.8), '1,234,568');
  assert.equal(formatNumber(0.01234), '0.0123');
});

test('parameters carry no zeros behind the point', () => {
  assert.equal(formatParameter(40, 'ms'), '40 ms');
  assert.equal(formatParameter(25_000, 'ms'), '25 s');
  assert.equal(formatParameter(1_500, 'ms'), '1.5 s');
  assert.equal(formatParameter(1_050, 'ms'), '1.05 s');
  assert.equal(formatParameter(48_000, 'bytes'), '48 kB');
  assert.equal(formatParameter(100, 'ms'), '100 ms');
});
