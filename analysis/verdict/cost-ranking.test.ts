import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainComparison } from '../../testing/by-hand/plain-analysis.ts';
import type { Comparison } from '../comparison/comparison.ts';
import { type Candidate, rank } from './cost-ranking.ts';

const candidate = (transport: Transport, bytes: number | undefined, pollIntervalMs?: number): Candidate => ({
  transport,
  withinMs: 10,
  cost: { bytes, 'server-cpu': undefined },
  ...(pollIntervalMs !== undefined && { pollIntervalMs }),
});

const websocketWins: readonly Comparison[] = [plainComparison('bytes', 'websocket', 'sse', 'lower', 0.5)];

test('who costs less than anyone would pay to save is best, beaten or not', () => {
  const ranked = (sse: number, websocket: number) =>
    rank('bytes', [candidate('sse', sse), candidate('websocket', websocket)], websocketWins);
  assert.deepEqual(ranked(2_000, 1_000), { resource: 'bytes', best: ['sse', 'websocket'], isNegligible: true });
  assert.deepEqual(ranked(2_001, 1_000), { resource: 'bytes', best: ['websocket'], isNegligible: true });
  assert.deepEqual(ranked(4_002, 2_001), { resource: 'bytes', best: ['websocket'], isNegligible: false });
});

test('unknown amounts and unjudged pairs give no ranking', () => {
  const both = [candidate('sse', undefined), candidate('websocket', undefined)];
  assert.deepEqual(rank('bytes', both, websocketWins).best, ['websocket']);
  assert.deepEqual(rank('server-cpu', both, websocketWins).best, []);
});

test('polling by theory is best alone far below the others, beside them within a quarter, else beaten', () => {
  const ranked = (polled: number) =>
    rank(
      'bytes',
      [candidate('short-polling', polled, 10_000), candidate('sse', 20_000), candidate('websocket', 10_000)],
      websocketWins,
    ).best;
  assert.deepEqual(ranked(7_900), ['short-polling']);
  assert.deepEqual(ranked(8_000), ['short-polling', 'websocket']);
  assert.deepEqual(ranked(12_500), ['short-polling', 'websocket']);
  assert.deepEqual(ranked(12_600), ['websocket']);
});

test('a single measured transport is the best of the measured', () => {
  const best = (polled: number) =>
    rank('bytes', [candidate('short-polling', polled, 10_000), candidate('sse', 20_000)], []).best;
  assert.deepEqual(best(40_000), ['sse']);
  assert.deepEqual(best(10_000), ['short-polling']);
});
