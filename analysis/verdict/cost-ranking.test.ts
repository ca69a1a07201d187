import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainAnalysis, plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { atTolerance, type Candidate, candidatesOf, rank } from './cost-ranking.ts';

const candidate = (transport: Transport, bytes: number | undefined, pollIntervalMs?: number): Candidate => ({
  transport,
  withinMs: 10,
  cost: { bytes, 'server-cpu': undefined },
  ...(pollIntervalMs !== undefined && { pollIntervalMs }),
});

const websocketWins: readonly Comparison[] = [plainComparison('bytes', 'websocket', 'sse', 'lower', 0.5)];

test('what costs too little to pay for is best, beaten or not', () => {
  const ranked = (sse: number, websocket: number) =>
    rank('bytes', [candidate('sse', sse), candidate('websocket', websocket)], websocketWins);
  assert.deepEqual(ranked(2_000, 1_000), { resource: 'bytes', best: ['sse', 'websocket'], isNegligible: true });
  // Hardly more than that is as good: two runs would part them at random.
  assert.deepEqual(ranked(2_200, 1_000), { resource: 'bytes', best: ['sse', 'websocket'], isNegligible: true });
  assert.deepEqual(ranked(2_201, 1_000), { resource: 'bytes', best: ['websocket'], isNegligible: true });
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

test('where each is beaten by another, none is the best', () => {
  const three = [candidate('long-polling', 10_000), candidate('sse', 10_000), candidate('websocket', 10_000)];
  const circle = [
    plainComparison('bytes', 'sse', 'long-polling', 'lower', 0.9),
    plainComparison('bytes', 'websocket', 'sse', 'lower', 0.9),
    plainComparison('bytes', 'websocket', 'long-polling', 'higher', 1.1),
  ];
  assert.deepEqual(rank('bytes', three, circle).best, ['long-polling', 'sse', 'websocket']);
});

/** Polls every second that see nine of ten updates within `withinMs`. */
function polled(withinMs: number, conflated = 0) {
  const trial = plainTrial({ transport: 'short-polling', counts: { ...plainTrial().counts, requests: 300 } });
  const row = plainRow('short-polling', { 'latency.p90': withinMs, conflated }, [trial, trial, trial]);
  const scenario = plainAnalysis([row], { scenario: { pollIntervalMs: 1_000 } });
  return (toleranceMs: number) =>
    atTolerance({ transport: 'short-polling', withinMs, cost: { bytes: 1, 'server-cpu': 3 } }, scenario, toleranceMs);
}

test('the longest interval that is in time: 0.9 ms of staleness for each between polls, two digits, rounded down', () => {
  const { pollIntervalMs, withinMs, cost } = polled(900)(10_000);
  assert.equal(pollIntervalMs, 11_000);
  assert.equal(withinMs, 900 + 0.9 * 10_000);
  assert.equal(cost['server-cpu'], 3);
  assert.equal(polled(1_100)(1_200).pollIntervalMs, 1_100);
  assert.equal(polled(900, 0.5)(10_000).pollIntervalMs, 5_700);
  assert.equal(polled(900)(600_000).pollIntervalMs, 60_000);
});

test('what is too late, or no longer than measured, stays as it is', () => {
  assert.equal(polled(900)(800).pollIntervalMs, undefined);
  assert.equal(polled(900)(905).pollIntervalMs, undefined);
});

test('digits of an interval that are lost to rounding are not rounded down', () => {
  // 11 s less half a nanosecond of the unit, and less one and a half.
  assert.equal(polled(900)(9_900 - 0.45e-6).pollIntervalMs, 11_000);
  assert.equal(polled(900)(9_900 - 1.35e-6).pollIntervalMs, 10_000);
});

test('a candidate says how late it was in its worst repeat and what it costs where bytes were counted', () => {
  const figures = { 'latency.p90': 40, 'bytes.total': 3_000, 'bytes.wire': 5_000, 'cpu.serving': 20 };
  const of = (place: 'sockets' | 'wire') => candidatesOf(plainAnalysis([plainRow('sse', figures)], { place }));
  assert.deepEqual(of('sockets'), [{ transport: 'sse', withinMs: 40, cost: { bytes: 3_000, 'server-cpu': 2 } }]);
  assert.equal(of('wire')[0]!.cost.bytes, 5_000);
});

test('with too few repeats that say how late it was a transport is no candidate', () => {
  const row = plainRow('sse', { 'latency.p90': 40 });
  const [first, second] = row.valid;
  const unknown = { ...first!, figures: { ...first!.figures, 'latency.p90': undefined } };
  const stalls = { gapMs: 3_001, gaps: [], lateMs: 1, lateUpdates: 0 };
  const stalled = { ...unknown, trial: { ...first!.trial, stalls } };
  const known = (...valid: TransportAnalysis['valid']) => candidatesOf(plainAnalysis([{ ...row, valid }])).length;
  assert.equal(known(first!, second!, first!), 1);
  assert.equal(known(first!, second!), 0);
  assert.equal(known(first!, second!, stalled), 0);
  assert.equal(known(first!, second!, first!, stalled), 1);
  assert.equal(known(first!, second!, first!, unknown), 0);
});

test('CPU after too short a warm-up is no cost', () => {
  const trial = plainTrial({ window: { ...plainTrial().window, warmupOperations: 1 } });
  const row = plainRow('sse', { 'latency.p90': 40, 'cpu.serving': 20 });
  const cold = { ...row.valid[0]!, trial };
  const [found] = candidatesOf(plainAnalysis([{ ...row, valid: [...row.valid.slice(1), cold] }]));
  assert.equal(found!.cost['server-cpu'], undefined);
});
