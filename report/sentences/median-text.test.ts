import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FigureKey } from '../../analysis/figures/figures.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { caution } from '../../analysis/validity/warning.ts';
import { plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { markNotes, medianText, medianWithRange, rangeText, unsteadyNote, weakNote } from './median-text.ts';

/** A row whose repeats have these values of a figure, and the second of them as its median. */
function rowOf(key: FigureKey, values: readonly number[], altered: Partial<TransportAnalysis> = {}): TransportAnalysis {
  const row = plainRow('sse', { [key]: values[Math.min(1, values.length - 1)] });
  const valid = values.map((value, index) => ({ ...row.valid[index]!, figures: { ...row.medians, [key]: value } }));
  return { ...row, valid, ...altered };
}

test('a median has as many digits as its spread allows, and its range in the same unit', () => {
  const row = rowOf('cpu.serving.update', [1.43, 1.59, 3.85]);
  assert.deepEqual(
    [medianText(row, 'cpu.serving.update'), rangeText(row, 'cpu.serving.update')],
    ['1.6 ms', '1.4–3.9'],
  );
  assert.equal(medianWithRange(row, 'cpu.serving.update'), '1.6 ms (1.4–3.9)');
  assert.equal(medianWithRange(rowOf('bytes.total', [8_990, 9_012, 9_031]), 'bytes.total'), '9.01 kB (8.99–9.03)');
});

test('repeats that look the same have no range, nor has a single one', () => {
  assert.equal(medianWithRange(rowOf('bytes.total', [9_010, 9_011, 9_012]), 'bytes.total'), '9.01 kB');
  assert.equal(medianWithRange(rowOf('cpu.serving.update', [1.593]), 'cpu.serving.update'), '1.6 ms');
  assert.equal(medianWithRange(plainRow('sse'), 'bytes.total'), '–');
});

test('CPU on an unsteady machine is marked, other figures are not', () => {
  const unsteady = rowOf('cpu.serving.update', [1.5, 1.51, 1.52], { isUnsteady: true });
  assert.equal(medianText(unsteady, 'cpu.serving.update'), '≈1.51 ms');
  assert.equal(medianText(rowOf('bytes.total', [1, 2, 3], { isUnsteady: true }), 'bytes.total'), '2 B');
  assert.deepEqual(markNotes([unsteady], ['cpu.serving.update']), [unsteadyNote]);
  assert.deepEqual(markNotes([unsteady], ['bytes.total']), []);
});

test('a 99th percentile on few updates is marked', () => {
  const row = rowOf('latency.p99', [9, 9.01, 9.02]);
  const weak = { ...row, valid: row.valid.map((each) => ({ ...each, warnings: [caution('few-updates', '')] })) };
  assert.equal(medianText(weak, 'latency.p99'), '~9.01 ms');
  assert.deepEqual(markNotes([weak], ['latency.p99']), [weakNote]);
  assert.deepEqual(markNotes([row], ['latency.p99']), []);
});
