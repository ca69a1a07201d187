import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatNumber, formatParameter, formatValue } from './format.ts';

test('durations are shown in the unit that suits their size', () => {
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

test('parameters have no trailing zeros', () => {
  assert.equal(formatParameter(40, 'ms'), '40 ms');
  assert.equal(formatParameter(25_000, 'ms'), '25 s');
  assert.equal(formatParameter(1_500, 'ms'), '1.5 s');
  assert.equal(formatParameter(1_050, 'ms'), '1.05 s');
  assert.equal(formatParameter(48_000, 'bytes'), '48 kB');
  assert.equal(formatParameter(100, 'ms'), '100 ms');
});

test('a unit changes where the number, as it is written, reaches the next', () => {
  const rows: readonly (readonly [number, 'ms' | 'bytes', number, string])[] = [
    [0.9994, 'ms', 3, '999 µs'],
    [0.9995, 'ms', 3, '1.00 ms'],
    [999.4, 'ms', 3, '999 ms'],
    [999.5, 'ms', 3, '1.00 s'],
    [-1_500, 'ms', 3, '-1.50 s'],
    [3_600_000, 'ms', 2, '3,600 s'],
    [0.000_01, 'ms', 3, '0.0100 µs'],
    [999, 'bytes', 3, '999 B'],
    [1_000, 'bytes', 3, '1.00 kB'],
    [0.25, 'bytes', 3, '0.250 B'],
    [999_500, 'bytes', 3, '1.00 MB'],
    [999_499, 'bytes', 3, '999 kB'],
    [2.5e9, 'bytes', 2, '2.5 GB'],
    [7e12, 'bytes', 2, '7.0 TB'],
    [7e15, 'bytes', 2, '7,000 TB'],
  ];
  for (const [value, unit, digits, text] of rows) assert.equal(formatValue(value, unit, digits), text);
});

test('a number keeps its whole part, and whole numbers have no decimals', () => {
  const rows: readonly (readonly [number, number, string])[] = [
    [0, 3, '0'],
    [7, 3, '7'],
    [9.994, 3, '9.99'],
    [99.96, 3, '100'],
    [100.4, 3, '100'],
    [100.6, 3, '101'],
    [1.25, 2, '1.3'],
    [-0.5, 2, '-0.50'],
    [-1_234.5, 3, '-1,234'],
    [0.5, 1, '0.5'],
    [1.5, 1, '2'],
  ];
  for (const [value, digits, text] of rows) assert.equal(formatNumber(value, digits), text, `${value}`);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(formatNumber(value), '–');
  assert.equal(formatValue(0.5214, 'share', 2), '52%');
  assert.equal(formatValue(20.31, 'ms/s', 2), '20 ms/s');
  assert.equal(formatValue(59.64, 'count', 2), '60');
});

test('whole bytes have no decimals', () => {
  assert.equal(formatValue(5, 'bytes'), '5 B');
});
