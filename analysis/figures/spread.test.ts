import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitsOf, formatRange, rangeOf } from './spread.ts';

test('a range needs two known values', () => {
  assert.deepEqual(rangeOf([3, undefined, 1, 2]), { least: 1, most: 3 });
  assert.deepEqual(rangeOf([2, 2]), { least: 2, most: 2 });
  for (const few of [[], [undefined], [1], [1, undefined]]) assert.equal(rangeOf(few), undefined);
});

test('two digits where repeats differ by a tenth of the median or more', () => {
  assert.equal(digitsOf('bytes.total', 100, { least: 95, most: 105 }), 2);
  assert.equal(digitsOf('bytes.total', 100, { least: 95, most: 104.9 }), 3);
  assert.equal(digitsOf('bytes.total', 100, { least: 100, most: 100 }), 3);
  assert.equal(digitsOf('bytes.total', 0, { least: 0, most: 0 }), 2);
  assert.equal(digitsOf('elu.server', 0.5, { least: 0.5, most: 0.5 }), 2);
});

test('CPU that was measured once has two digits, other figures have their own', () => {
  assert.equal(digitsOf('cpu.serving.update', 1, undefined), 2);
  assert.equal(digitsOf('cpu.serving.update', 1, { least: 1, most: 1.05 }), 3);
  assert.equal(digitsOf('latency.p50', 1, undefined), 3);
});

test('the ends of a range have the scale of the median, and no unit', () => {
  assert.equal(formatRange({ least: 1.43, most: 3.85 }, 1.6, 'ms', 2), '1.4–3.9');
  assert.equal(formatRange({ least: 0.79, most: 1.3 }, 1.2, 'ms', 2), '0.79–1.3');
  assert.equal(formatRange({ least: 0.84, most: 1.2 }, 0.94, 'ms', 2), '840–1,200');
  assert.equal(formatRange({ least: 0.381, most: 0.392 }, 0.385, 'share', 3), '38.1–39.2');
  assert.equal(formatRange({ least: 8_881, most: 8_884 }, 8_883, 'bytes', 3), '8.88');
  assert.equal(formatRange({ least: 900, most: 1_200 }, 999.9, 'bytes', 3), '0.900–1.20');
  assert.equal(formatRange({ least: 6, most: 65.94 }, 30, 'count', 3), '6–65.9');
  assert.equal(formatRange({ least: 0, most: 12 }, 0, 'ms', 2), '0–12');
  assert.equal(formatRange({ least: 21, most: 44 }, 30, 'ms/s', 2), '21–44');
});
