import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelResiduals } from './model-residuals.ts';

test('a row for each transport and amount, with the median and the largest residual of its points', () => {
  const of = (figures: Readonly<Record<string, number>>) => ({ claim: '', found: '', holds: true, figures });
  const table = modelResiduals({
    findings: [
      of({ 'sse formula latencyMs': -0.05, 'sse formula packets': 0.001 }),
      of({ 'sse schedule latencyMs': 0.002 }),
      of({ 'sse formula latencyMs': 0.01 }),
      of({ 'sse formula latencyMs': 0.02 }),
      of({ 'short-polling formula requests': 0.03, 'short-polling schedule requests': 0 }),
    ],
  });
  assert.deepEqual(table.split('\n').slice(2), [
    '| Short polling | requests | 1 | 3.0% | 3.0% | 0.0% | 0.0% |',
    '| SSE | mean latency | 3 | 2.0% | 5.0% | 0.2% | 0.2% |',
    '| SSE | packet headers | 1 | 0.1% | 0.1% |  |  |',
  ]);
});
