import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../analysis/comparison/outcome.ts';
import type { PathCell } from '../../analysis/paths/paths.ts';
import { plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { cellText } from './path-cells.ts';

test('the ratio of a cell is told by what was found: a tie is not what more repeats would tell', () => {
  const ratioOf = (outcome: Outcome) => {
    const change = plainComparison('bytes', 'sse', 'sse', outcome, [1.3, 1.1, 1.5]);
    const changes = { freshness: change, bytes: change, 'server-cpu': change };
    const cell: PathCell = { row: plainRow('sse', { 'bytes.total': 1_000 }), changes };
    const line = { route: 'nginx', record: undefined, partner: undefined, cells: [cell] };
    return cellText(cell, line, { key: 'bytes.total', question: 'bytes' }).ratio;
  };
  const told: readonly (readonly [Outcome, string | undefined])[] = [
    ['higher', '× 1.30 (1.10 to 1.50)'],
    ['equal', 'the same'],
    ['cannot-tell', 'cannot tell: × 1.30 (1.10 to 1.50)'],
    ['unresolved', 'not enough repeats: × 1.30 (1.10 to 1.50)'],
    ['too-few', undefined],
  ];
  for (const [outcome, text] of told) assert.equal(ratioOf(outcome), text, outcome);
});
