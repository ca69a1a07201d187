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
    'Use WebSocket, because it needs the fewest bytes at the sockets, 2 times (1.60 to 2.50) fewer than SSE, and it takes the least server CPU, 2 times (1.60 to 2.50) less than SSE.';
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
    / Short polling every 1 s is too late \(900 ms\), though it needs 4 times \(3\.20 to 5\) fewer bytes at the sockets and takes 4 times \(3\.20 to 5\) less server CPU\.$/,
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
      '3 of 4 are in time. Use SSE or WebSocket: they cannot be told apart in bytes at the sockets or server CPU, and nothing that is in time beats them. Short polling every 1 s is too late (900 ms).',
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
    'Both are in time. Use SSE or WebSocket: they are equal in bytes at the sockets within 1% and cannot be told apart in server CPU.',
  );
  const [equal] = advised(two, {}, { comparisons: replaced(comparisons, 'server-cpu', ['sse', 'websocket'], 'equal') });
  assert.match(equal!.advice, /: they are equal in bytes at the sockets within 1% and in server CPU within 10%\.$/);
  const [clear] = advised(
    two,
    {},
    { comparisons: [...comparisons.slice(0, 1), ...ranked('server-cpu', { sse: 2, websocket: 1 })] },
  );
  assert.match(
    clear!.advice,
    /Use WebSocket, because it is equal to SSE in bytes at the sockets within 1%, and it takes the least server CPU, 2 times/,
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
  // Bytes speak for the other one: both are named, with the doubt.
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
    'Both are in time. Bytes and server CPU favour different transports. Use SSE with 2 times (1.60 to 2.50) fewer bytes at the sockets than WebSocket where traffic is what costs; ' +
      'WebSocket where server CPU is, though there are not enough repeats to rule out SSE.',
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
    'All 3 are in time. Use SSE or WebSocket: they cannot be told apart in bytes at the sockets or server CPU, and nothing that is in time beats them, ' +
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
        'Both are in time. Use short polling every 1 s or SSE: they cannot be told apart in bytes at the sockets or server CPU. Where that is all that counts, short polling will do, with no stream to keep open.',
    },
  ]);
});

test('bytes favour one, CPU another: the scarcer resource decides', () => {
  const [strict] = advised(usual, { bytes: falling, cpu: { ...falling, sse: 0.5 } });
  assert.deepEqual([strict!.outcome, strict!.use], ['trade-off', ['websocket', 'sse']]);
  assert.equal(
    strict!.advice,
    '3 of 4 are in time. Bytes and server CPU favour different transports. Use WebSocket with 2 times (1.60 to 2.50) fewer bytes at the sockets than SSE where traffic is what costs; ' +
      'SSE with 2 times (1.60 to 2.50) less server CPU than WebSocket where server CPU is. Short polling every 1 s is too late (900 ms).',
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
    /^Use WebSocket, because it alone is in time: nine of ten updates within 44\.0 ms\. .* SSE is too late \(700 ms\), though it needs 8 times \(6\.40 to 10\) fewer bytes at the sockets\.$/,
  );
});

test('a cost without a verdict is not used, and the text says so', () => {
  const costs = { sse: 2, websocket: 1 };
  const [inBytes] = advised(two, { bytes: costs });
  assert.match(
    inBytes!.advice,
    /^Both are in time\. Use WebSocket, because it needs the fewest bytes at the sockets, .* SSE\. No verdict on server CPU\.$/,
  );
  const [inCpu] = advised(two, { cpu: costs });
  assert.match(inCpu!.advice, /because it takes the least server CPU, .* SSE\. No verdict on bytes at the sockets\.$/);
  assert.deepEqual(advised(two, {}), [
    {
      toleranceMs: 100,
      outcome: 'untold',
      use: ['sse', 'websocket'],
      advice: 'Both are in time. Use SSE or WebSocket: their costs could not be compared.',
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

/** Both in time, at these bytes per client and minute and these milliseconds of CPU a second. */
function costing(
  costs: Readonly<Record<'sse' | 'websocket', readonly [bytes: number, cpu: number]>>,
  bytes: Comparison['outcome'] = 'higher',
) {
  const rows = (['sse', 'websocket'] as const).map((transport) =>
    plainRow(transport, {
      'latency.p90': 40,
      'bytes.total': costs[transport][0],
      'cpu.serving': costs[transport][1],
    }),
  );
  const comparisons = [
    plainComparison('bytes', 'sse', 'websocket', bytes, [1.6, 1.5, 1.7]),
    plainComparison('server-cpu', 'sse', 'websocket', 'higher', [2, 1.9, 2.1]),
  ];
  return recommend(plainAnalysis(rows, { comparisons }))[0]!;
}

test('a saving too small to pay for is no reason to choose', () => {
  const cheap = costing({ sse: [1_600, 0.2], websocket: [1_000, 0.1] });
  assert.deepEqual([cheap.outcome, cheap.use], ['tie', ['sse', 'websocket']]);
  assert.equal(
    cheap.advice,
    'Both are in time. Use SSE or WebSocket: they take hardly more than 2.0 kB per client and minute at the sockets and 2% of a core per 1,000 clients, too little to pay for.',
  );
  const inBytes = costing({ sse: [16_000, 0.2], websocket: [10_000, 0.1] });
  assert.deepEqual(inBytes.use, ['websocket']);
  assert.match(
    inBytes.advice,
    /^Both are in time\. Use WebSocket, because it needs the fewest bytes at the sockets, 1\.60 times \(1\.50 to 1\.70\) fewer than SSE\. Server CPU makes no difference: each transport takes hardly more than 2% of a core per 1,000 clients, or less\.$/,
  );
  const inCpu = costing({ sse: [1_600, 0.8], websocket: [1_000, 0.4] });
  assert.match(
    inCpu.advice,
    /than SSE\. Bytes at the sockets make no difference: each transport takes hardly more than 2\.0 kB per client and minute at the sockets, or less\.$/,
  );
});

test('one that alone costs too little to pay for is said to take only so much', () => {
  const one = costing({ sse: [16_000, 0.4], websocket: [10_000, 0.2] });
  assert.match(one.advice, /, and it takes only 2% of a core per 1,000 clients\.$/);
});

const asked = plainTrial({ transport: 'short-polling', counts: { ...plainTrial().counts, requests: 300 } });

/** Polls every second that cost 499 kB per client and minute, 480 of them updates, beside WebSocket at these bytes. */
function polledBeside(websocketBytes: number) {
  const trials = [0, 1, 2].map((block) => ({ ...asked, block }));
  const rows = [
    plainRow('short-polling', { 'latency.p90': 1_900, 'bytes.total': 496_200, 'cpu.serving': 30 }, trials),
    plainRow('websocket', { 'latency.p90': 40, 'bytes.total': websocketBytes, 'cpu.serving': 30 }),
  ];
  const comparisons = ranked('bytes', { 'short-polling': 496_200, websocket: websocketBytes });
  return recommend(plainAnalysis(rows, { comparisons, scenario: { pollIntervalMs: 1_000 } }));
}

test('who tolerates ten seconds asks every ten seconds: by theory, and marked as that', () => {
  const [strict, relaxed] = polledBeside(900_000);
  assert.deepEqual([strict!.toleranceMs, strict!.use], [100, ['websocket']]);
  assert.deepEqual([relaxed!.toleranceMs, relaxed!.outcome, relaxed!.use], [10_000, 'clear', ['short-polling']]);
  assert.match(
    relaxed!.advice,
    /Use short polling every 10 s, because it takes 480 kB per client and minute at the sockets by theory\. No verdict on server CPU\.$/,
  );
  const [, beaten] = polledBeside(100_000);
  assert.match(
    beaten!.advice,
    /Use WebSocket, because it needs the fewest bytes at the sockets, with short polling by theory\. No verdict on server CPU\. By theory, short polling every 10 s costs 480 kB per client and minute at the sockets\.$/,
  );
});

test('CPU with too short a warm-up is no reason to choose', () => {
  const cold = plainTrial({ window: { ...plainTrial().window, warmupMs: 1_000 } });
  const trials = [0, 1, 2].map((block) => ({ ...cold, block }));
  const rows = (['sse', 'websocket'] as const).map((transport) =>
    plainRow(
      transport,
      { 'latency.p90': 40, 'bytes.total': 10_000, 'cpu.serving': 0.1 },
      trials.map((trial) => ({ ...trial, transport })),
    ),
  );
  const [advice] = recommend(plainAnalysis(rows, { comparisons: ranked('bytes', { sse: 2, websocket: 1 }) }));
  assert.match(advice!.advice, /Use WebSocket, because .* No verdict on server CPU\.$/);
});
