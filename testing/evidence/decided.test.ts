import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../../analysis/comparison/comparison.ts';
import type { Cell } from '../../analysis/verdict/decision.ts';
import type { Judgement } from '../../analysis/verdict/grades.ts';
import type { Transport } from '../../protocol/transport.ts';
import { plainComparison } from '../by-hand/plain-analysis.ts';
import { adviceDifferences, cellDifferences, cpuCases, type Said } from './decided.ts';

function saying(comparisons: readonly Comparison[], cells: ReadonlyMap<string, Cell> = new Map()): Said {
  return { comparisons, cells, advice: [], tookMs: 0 };
}

const cpu = (outcome: Comparison['outcome'], ratio: number) =>
  plainComparison('server-cpu', 'sse', 'websocket', outcome, ratio);

test('a pair counts where the other runs put it at 1.5 or more, and is wrong if decided the other way', () => {
  const said = [cpu('higher', 2), cpu('cannot-tell', 1.1), cpu('lower', 0.5), cpu('higher', 2)].map((each) =>
    saying([each]),
  );
  // Over the others: (1.1 × 0.5 × 2)^⅓ = 1.03, (2 × 0.5 × 2)^⅓ = 1.26, (2 × 1.1 × 2)^⅓ = 1.64, 1.03.
  assert.deepEqual(cpuCases(said), [{ isDecided: true, isWrong: true, name: 'run 3, sse and websocket' }]);
  const agreed = [cpu('higher', 2), cpu('unresolved', 1.9), cpu('higher', 2)].map((each) => saying([each]));
  assert.deepEqual(
    cpuCases(agreed).map(({ isDecided, isWrong }) => [isDecided, isWrong]),
    [
      [true, false],
      [false, false],
      [true, false],
    ],
  );
});

test('a cell differs in every two runs that judge it differently', () => {
  const cell = (judgement: Judgement): Cell => ({ transport: 'sse', judgement, reason: '', evidence: undefined });
  const said = (['good', 'works', 'good', 'poor'] as const).map((judgement) =>
    saying(
      [],
      new Map([
        ['need', cell(judgement)],
        ['other', cell('good')],
      ]),
    ),
  );
  const found = cellDifferences(said).map(({ name, cells }) => [name, ...cells.map(({ judgement }) => judgement)]);
  assert.deepEqual(found, [
    ['need', 'good', 'works'],
    ['need', 'good', 'poor'],
    ['need', 'works', 'good'],
    ['need', 'works', 'poor'],
    ['need', 'good', 'poor'],
  ]);
});

test('advice differs where two runs have no transport in common for the same tolerance', () => {
  const advising = (toleranceMs: number, ...use: readonly Transport[]): Said => ({
    ...saying([]),
    advice: [{ toleranceMs, use, outcome: 'tie', advice: '' }],
  });
  const said = [
    advising(100, 'sse', 'websocket'),
    advising(100, 'websocket'),
    advising(100, 'sse'),
    advising(1_000, 'sse'),
  ];
  assert.deepEqual(adviceDifferences(said), ['runs 2 and 3, 100 ms: websocket and sse']);
});
