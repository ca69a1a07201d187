import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainAnalysis, plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import type { Comparison } from '../comparison/comparison.ts';
import type { Question } from '../figures/question.ts';
import { recommend } from './recommendation.ts';

type ByTransport = Partial<Readonly<Record<Transport, number>>>;

function entriesOf(values: ByTransport): readonly (readonly [Transport, number])[] {
  return Object.entries(values) as readonly (readonly [Transport, number])[];
}

/** Comparisons of every pair by cost; equal costs cannot be told apart. */
function ranked(question: Question, costs: ByTransport): readonly Comparison[] {
  const entries = entriesOf(costs);
  return entries.flatMap(([transport, cost], place) =>
    entries.slice(0, place).map(([reference, other]) => {
      const ratio = cost / other;
      const outcome = ratio === 1 ? 'cannot-tell' : ratio < 1 ? 'lower' : 'higher';
      return plainComparison(question, transport, reference, outcome, [ratio, ratio * 0.8, ratio * 1.25]);
    }),
  );
}

type Costs = { readonly bytes?: ByTransport; readonly cpu?: ByTransport };

/** The recommendations if nine of ten updates arrive within these milliseconds, at these costs. */
function advised(
  p90Ms: ByTransport,
  { bytes = {}, cpu = {} }: Costs,
  altered: Parameters<typeof plainAnalysis>[1] = {},
) {
  const rows = entriesOf(p90Ms).map(([transport, ms]) => plainRow(transport, { 'latency.p90': ms }));
  const comparisons = [...ranked('bytes', bytes), ...ranked('server-cpu', cpu)];
  return recommend(plainAnalysis(rows, { comparisons, ...altered }));
}

const usual = { 'short-polling': 900, 'long-polling': 60, sse: 45, websocket: 44 };
const falling = { 'short-polling': 8, 'long-polling': 4, sse: 2, websocket: 1 };
const clear = { bytes: falling, cpu: falling };

test('a clear win: the transport that is cheapest in both, with the ratio to the next, strict and relaxed', () => {
  const why =
    'Use WebSocket, because it needs the fewest bytes, 2 times (1.60 to 2.50) fewer than SSE, and it takes the least server CPU, 2 times (1.60 to 2.50) less than SSE.';
  assert.deepEqual(advised(usual, clear), [
    {
      toleranceMs: 100,
      outcome: 'clear',
      use: ['websocket'],
      advice: `3 of 4 are in time. ${why} Short polling every 1 s is too late (900 ms).`,
    },
    { toleranceMs: 1_000, outcome: 'clear', use: ['websocket'], advice: `All 4 are in time. ${why}` },
  ]);
});

test('a transport is in time if it is no later than the tolerance', () => {
  const steps = (ms: number) => advised({ sse: 10, websocket: ms }, clear).map(({ toleranceMs }) => toleranceMs);
  assert.deepEqual(steps(100), [100]);
  assert.deepEqual(steps(100.1), [100, 1_000]);
  assert.deepEqual(steps(600_000), [100, 600_000]);
  assert.deepEqual(steps(600_001), [100]);
  assert.deepEqual(advised({ sse: 600_001, websocket: 600_001 }, clear), []);
});

test('a late transport that would be cheaper is mentioned', () => {
  const [strict] = advised(usual, {
    bytes: { ...falling, 'short-polling': 0.25 },
    cpu: { ...falling, 'short-polling': 0.25 },
  });
  assert.match(
    strict!.advice,
    / Short polling every 1 s is too late \(900 ms\), though it needs 4 times \(3\.20 to 5\) fewer bytes and takes 4 times \(3\.20 to 5\) less server CPU\.$/,
  );
});

test('a tie is stated as such; a late transport is not compared with several', () => {
  const tied = { ...falling, 'short-polling': 0.25, sse: 1 };
  const [strict] = advised(usual, { bytes: tied, cpu: tied });
  assert.deepEqual(strict, {
    toleranceMs: 100,
    outcome: 'tie',
    use: ['sse', 'websocket'],
    advice:
      '3 of 4 are in time. Use SSE or WebSocket: they cannot be told apart in bytes or server CPU, and nothing that is in time beats them. Short polling every 1 s is too late (900 ms).',
  });
});

/** The comparisons with the outcome of some pairs, in either direction, replaced. */
function replaced(
  comparisons: readonly Comparison[],
  question: Question,
  pair: readonly [Transport, Transport],
  outcome: Comparison['outcome'],
): readonly Comparison[] {
  return comparisons.map((each) =>
    each.question === question && pair.includes(each.transport) && pair.includes(each.reference)
      ? { ...each, outcome }
      : each,
  );
}

const two = { sse: 45, websocket: 44 };

test('what is equal is no reason to choose, and is called equal', () => {
  const comparisons = [
    ...replaced(ranked('bytes', { sse: 1.005, websocket: 1 }), 'bytes', ['sse', 'websocket'], 'equal'),
    ...ranked('server-cpu', { sse: 1, websocket: 1 }),
  ];
  const [tied] = advised(two, {}, { comparisons });
  assert.deepEqual([tied!.outcome, tied!.use], ['tie', ['sse', 'websocket']]);
  assert.equal(
    tied!.advice,
    'Both are in time. Use SSE or WebSocket: they are equal in bytes within 1% and cannot be told apart in server CPU.',
  );
  const [equal] = advised(two, {}, { comparisons: replaced(comparisons, 'server-cpu', ['sse', 'websocket'], 'equal') });
  assert.match(equal!.advice, /: they are equal in bytes within 1% and in server CPU within 10%\.$/);
  const [clear] = advised(
    two,
    {},
    { comparisons: [...comparisons.slice(0, 1), ...ranked('server-cpu', { sse: 2, websocket: 1 })] },
  );
  assert.match(
    clear!.advice,
    /Use WebSocket, because it is equal to SSE in bytes within 1%, and it takes the least server CPU, 2 times/,
  );
});

test('a transport that only more repeats could rule out is not recommended, and not called the same', () => {
  const cpu = replaced(ranked('server-cpu', falling), 'server-cpu', ['sse', 'websocket'], 'unresolved');
  const [strict] = advised(usual, {}, { comparisons: [...ranked('bytes', falling), ...cpu] });
  assert.deepEqual(strict!.use, ['websocket']);
  assert.match(
    strict!.advice,
    /and it takes the least server CPU, 4 times \(3\.20 to 5\) less than long polling, though there are not enough repeats to rule out SSE\. Short/,
  );
  // Bytes speak for the other one: both are told, with the doubt.
  const [trade] = advised(
    two,
    {},
    {
      comparisons: [
        ...ranked('bytes', { sse: 1, websocket: 2 }),
        ...replaced(ranked('server-cpu', { sse: 2, websocket: 1 }), 'server-cpu', ['sse', 'websocket'], 'unresolved'),
      ],
    },
  );
  assert.equal(trade!.outcome, 'trade-off');
  assert.equal(
    trade!.advice,
    'Both are in time. Bytes and server CPU speak for different ones. Use SSE with 2 times (1.60 to 2.50) fewer bytes than WebSocket where traffic is what costs; ' +
      'WebSocket where the server is, though there are not enough repeats to rule out SSE.',
  );
});

test('a tie ahead of one that is not ruled out says so', () => {
  const three = { 'long-polling': 60, sse: 45, websocket: 44 };
  const alike = { 'long-polling': 2, sse: 1, websocket: 1 };
  const cpu = (['sse', 'websocket'] as const).reduce<readonly Comparison[]>(
    (all, each) => replaced(all, 'server-cpu', ['long-polling', each], 'unresolved'),
    ranked('server-cpu', alike),
  );
  const [strict] = advised(three, {}, { comparisons: [...ranked('bytes', alike), ...cpu] });
  assert.equal(
    strict!.advice,
    'All 3 are in time. Use SSE or WebSocket: they cannot be told apart in bytes or server CPU, and nothing that is in time beats them, ' +
      'though there are not enough repeats to rule out long polling in server CPU.',
  );
});

test('short polling in a tie is named as the simplest', () => {
  const alike = { 'short-polling': 1, sse: 1 };
  assert.deepEqual(advised({ 'short-polling': 90, sse: 45 }, { bytes: alike, cpu: alike }), [
    {
      toleranceMs: 100,
      outcome: 'tie',
      use: ['short-polling', 'sse'],
      advice:
        'Both are in time. Use short polling every 1 s or SSE: they cannot be told apart in bytes or server CPU. Where that is all that counts, short polling will do, with no connection to keep.',
    },
  ]);
});

test('bytes favour one, CPU another: the scarcer resource decides', () => {
  const [strict] = advised(usual, { bytes: falling, cpu: { ...falling, sse: 0.5 } });
  assert.deepEqual([strict!.outcome, strict!.use], ['trade-off', ['websocket', 'sse']]);
  assert.equal(
    strict!.advice,
    '3 of 4 are in time. Bytes and server CPU speak for different ones. Use WebSocket with 2 times (1.60 to 2.50) fewer bytes than SSE where traffic is what costs; ' +
      'SSE with 2 times (1.60 to 2.50) less server CPU than WebSocket where the server is. Short polling every 1 s is too late (900 ms).',
  );
});

test('a lead in bytes and a tie in CPU are both stated', () => {
  const tied = { ...falling, sse: 1 };
  assert.match(
    advised(usual, { bytes: falling, cpu: tied })[0]!.advice,
    /and it cannot be told apart from SSE in server CPU \(4 times less than long polling\)\. Short/,
  );
  assert.match(
    advised(two, { bytes: { sse: 2, websocket: 1 }, cpu: { sse: 1, websocket: 1 } })[0]!.advice,
    /and it cannot be told apart from SSE in server CPU\.$/,
  );
});

test('the only transport in time is recommended at any cost', () => {
  const late = { 'short-polling': 900, 'long-polling': 700, sse: 700, websocket: 44 };
  const [strict] = advised(late, { bytes: { ...falling, websocket: 16 }, cpu: falling });
  assert.deepEqual([strict!.outcome, strict!.use], ['only', ['websocket']]);
  assert.match(
    strict!.advice,
    /^Use WebSocket, because it alone is in time: nine of ten updates within 44\.0 ms\. .* SSE is too late \(700 ms\), though it needs 8 times \(6\.40 to 10\) fewer bytes\.$/,
  );
});

test('a cost without a verdict is not used, and the text says so', () => {
  const costs = { sse: 2, websocket: 1 };
  const [inBytes] = advised(two, { bytes: costs });
  assert.match(
    inBytes!.advice,
    /^Both are in time\. Use WebSocket, because it needs the fewest bytes, .* SSE\. No verdict on server CPU\.$/,
  );
  const [inCpu] = advised(two, { cpu: costs });
  assert.match(inCpu!.advice, /because it takes the least server CPU, .* SSE\. No verdict on bytes\.$/);
  assert.deepEqual(advised(two, {}), [
    {
      toleranceMs: 100,
      outcome: 'untold',
      use: ['sse', 'websocket'],
      advice: 'Both are in time. Use SSE or WebSocket: which of them is cheapest was not judged.',
    },
  ]);
});

test('a resource with an unjudged pair is not used', () => {
  const three = { 'long-polling': 60, sse: 45, websocket: 44 };
  const [strict] = advised(three, { bytes: falling, cpu: { sse: 2, websocket: 1 } });
  assert.match(strict!.advice, / No verdict on server CPU\.$/);
  const withoutOne = ranked('server-cpu', falling).filter(
    ({ transport, reference }) => transport !== 'sse' || reference !== 'long-polling',
  );
  const unsure = advised(three, {}, { comparisons: [...ranked('bytes', falling), ...withoutOne] });
  assert.match(unsure[0]!.advice, / No verdict on server CPU\.$/);
  const few = ranked('server-cpu', falling).map((each) => ({ ...each, outcome: 'too-few' as const }));
  const comparisons = [...ranked('bytes', falling), ...few];
  assert.match(advised(three, {}, { comparisons })[0]!.advice, /fewer than SSE\. No verdict on server CPU\.$/);
});

test('without verdicts, without two to choose from, or with polls at several intervals nothing is recommended', () => {
  assert.deepEqual(advised(usual, clear, { judged: false }), []);
  assert.deepEqual(advised({ sse: 45 }, clear), []);
  assert.deepEqual(advised(usual, clear, { scenario: { pollCohortsMs: [100, 1_000] } }), []);
});

test('a transport with fewer than three valid repeats is never named', () => {
  const trials = [0, 1].map((block) => plainTrial({ transport: 'sse', block }));
  const rows = [
    plainRow('sse', { 'latency.p90': 1 }, trials),
    plainRow('websocket', { 'latency.p90': 44 }),
    plainRow('long-polling', { 'latency.p90': 60 }),
  ];
  const comparisons = [...ranked('bytes', falling), ...ranked('server-cpu', falling)];
  const [strict] = recommend(plainAnalysis(rows, { comparisons }));
  assert.match(strict!.advice, /^Both are in time\. Use WebSocket, .* than long polling\.$/);
});
