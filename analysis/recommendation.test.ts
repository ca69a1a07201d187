import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../protocol/transport.ts';
import type { CompletedTrial, TrialRecord } from '../results/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../results/synthetic.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { type Recommendation, recommend } from './recommendation.ts';
import { analyseRun } from './run-analysis.ts';
import { worstSeenWithinMs } from './tolerance.ts';

const [chat, game] = syntheticScenarios;

/** What decides, as the test wants it: 90th percentile in ms, bytes of the window, server CPU in ms. */
type Made = { readonly p90Ms: number; readonly bytes: number; readonly cpuMs: number };
type Makings = Readonly<Record<Transport, Made>>;

const usual: Makings = {
  'short-polling': { p90Ms: 900, bytes: 300_000, cpuMs: 300 },
  'long-polling': { p90Ms: 60, bytes: 330_000, cpuMs: 250 },
  sse: { p90Ms: 45, bytes: 120_000, cpuMs: 100 },
  websocket: { p90Ms: 44, bytes: 100_000, cpuMs: 80 },
};

/** Repeats differ by up to a percent, not the same way for every transport: equal makings are a tie, others are not. */
function made(makings: Makings): (trial: CompletedTrial) => CompletedTrial {
  return (trial) => {
    const { p90Ms, bytes, cpuMs } = makings[trial.transport];
    const wobble = 1 + 0.01 * Math.sin(7 * trial.block + 3 * trial.position);
    const quiet = { encodedUpdateBytes: 0, framingBytes: 0, drainFramingBytes: 0, surplusUpdateBytes: 0 };
    return {
      ...trial,
      latency: { ...trial.latency, delivery: { ...trial.latency.delivery, p90Ms } },
      bytes: { ...trial.bytes, up: quiet, down: { ...quiet, encodedUpdateBytes: Math.round(bytes * wobble) } },
      processes: trial.processes.map((each) =>
        each.role === 'server' ? { ...each, cpuWindowMs: cpuMs * wobble } : each,
      ),
    };
  };
}

function recommended(makings: Makings, options: SyntheticOptions = {}): readonly Recommendation[] {
  const alter = made(makings);
  const also = options.alter ?? ((trial: CompletedTrial): TrialRecord => trial);
  // Percentiles that a test makes up contradict the mean of the histogram: only what counts here is changed after.
  const run = syntheticRun({
    scenarios: [chat!],
    ...options,
    alter: (trial, index) => {
      const after = also(trial, index);
      return after.status === 'completed' ? consistent(alter(after)) : after;
    },
  });
  return recommend(analyseRun(run).scenarios[0]!);
}

/** Mean and the other percentiles as those of a distribution that reaches its 90th percentile at once. */
function consistent(trial: CompletedTrial): CompletedTrial {
  const { p90Ms } = trial.latency.delivery;
  const delivery = {
    ...trial.latency.delivery,
    meanMs: p90Ms * 0.9,
    p50Ms: p90Ms * 0.9,
    p99Ms: p90Ms * 1.01,
    maxMs: p90Ms * 1.02,
  };
  // Little's law asks that as much was under way as deliveries and their mean make.
  const outstandingMs = trial.ledger.received * delivery.meanMs;
  return { ...trial, outstandingMs, latency: { ...trial.latency, delivery } };
}

const equal = { p90Ms: 44, bytes: 100_000, cpuMs: 80 };

test('a clear win: the one that is cheapest in both, with the ratio to the next, strict and relaxed', () => {
  const [strict, relaxed, ...more] = recommended(usual);
  assert.deepEqual(more, []);
  assert.deepEqual([strict!.toleranceMs, strict!.outcome, strict!.use], [100, 'clear', ['websocket']]);
  assert.match(
    strict!.advice,
    /^3 of 4 are in time\. Use WebSocket, because it needs the fewest bytes, 1\d% \(1\d% to 2\d%\) fewer than SSE, and it takes the least server CPU, 20% \(1\d% to 2\d%\) less than SSE\. Short polling every 1 s is too late \(900 ms\)\.$/,
  );
  assert.deepEqual([relaxed!.toleranceMs, relaxed!.outcome, relaxed!.use], [1_000, 'clear', ['websocket']]);
  assert.match(relaxed!.advice, /^All 4 are in time\. Use WebSocket/);
});

test('polling is told to be right where it is in time and cheapest', () => {
  const polled = { ...usual, 'short-polling': { p90Ms: 900, bytes: 50_000, cpuMs: 40 } };
  const [strict, relaxed] = recommended(polled);
  assert.deepEqual(strict!.use, ['websocket']);
  assert.match(
    strict!.advice,
    /Short polling every 1 s is too late \(900 ms\), though it needs [12]\.\d\d times \([\d.]+ to [\d.]+\) fewer bytes and takes [12]\.\d\d times \([\d.]+ to [\d.]+\) less server CPU\.$/,
  );
  assert.deepEqual([relaxed!.outcome, relaxed!.use], ['clear', ['short-polling']]);
  assert.match(relaxed!.advice, /^All 4 are in time\. Use short polling every 1 s, because it needs the fewest bytes,/);
});

test('a tie is said as one, and the simplest is named where it is among them', () => {
  const [strict, relaxed] = recommended({ ...usual, sse: equal, websocket: equal });
  assert.deepEqual([strict!.outcome, strict!.use], ['tie', ['sse', 'websocket']]);
  assert.match(
    strict!.advice,
    /Use SSE or WebSocket: they cannot be told apart in bytes or server CPU, and nothing that is in time beats them\./,
  );
  assert.doesNotMatch(relaxed!.advice, /right choice/);
  const [only] = recommended({ 'short-polling': equal, 'long-polling': equal, sse: equal, websocket: equal });
  assert.deepEqual([only!.outcome, only!.use.length], ['tie', 4]);
  assert.match(
    only!.advice,
    /server CPU\. Where that is all that counts, short polling will do, with no connection to keep\.$/,
  );
});

test('a contradiction: bytes name one, CPU another', () => {
  const torn = { ...usual, sse: { p90Ms: 45, bytes: 120_000, cpuMs: 40 } };
  const [strict] = recommended(torn);
  assert.deepEqual([strict!.outcome, strict!.use], ['trade-off', ['websocket', 'sse']]);
  assert.match(
    strict!.advice,
    /Bytes and server CPU speak for different ones\. Use WebSocket with 17% \(.*\) fewer bytes than SSE where traffic is what costs; SSE with [12]\.\d\d times \(.*\) less server CPU than WebSocket where the server is\./,
  );
});

test('one that leads in bytes and ties in CPU is said to do just that', () => {
  const [strict] = recommended({ ...usual, sse: { p90Ms: 45, bytes: 120_000, cpuMs: 80 } });
  assert.deepEqual(strict!.use, ['websocket']);
  assert.match(strict!.advice, /and it cannot be told apart from SSE in server CPU/);
});

test('one alone in time is recommended whatever it costs', () => {
  const slow = (some: Made) => ({ ...some, p90Ms: 700 });
  const [strict] = recommended({
    'short-polling': usual['short-polling'],
    'long-polling': slow(usual['long-polling']),
    sse: slow(usual.sse),
    websocket: { ...usual.websocket, bytes: 900_000 },
  });
  assert.equal(strict!.outcome, 'only');
  assert.match(strict!.advice, /^Use WebSocket, because it alone is in time: nine of ten updates within 44\.0 ms\./);
  assert.match(strict!.advice, /SSE is too late \(700 ms\), though it needs 7\.\d\d times \(.*\) fewer bytes\./);
});

test('without a verdict on CPU the bytes decide, and that is said; without both nothing is', () => {
  const cold = (trial: CompletedTrial) => ({ ...trial, window: { ...trial.window, warmupOperations: 10 } });
  const [strict] = recommended(usual, { alter: cold });
  assert.equal(strict!.outcome, 'clear');
  assert.match(strict!.advice, /because it needs the fewest bytes, .* fewer than SSE\. No verdict on server CPU\./);
  // Of one transport alone CPU is cold: what the others say about each other decides nothing either.
  const partly = (trial: CompletedTrial) => (trial.transport === 'sse' ? cold(trial) : trial);
  assert.match(recommended(usual, { alter: partly })[0]!.advice, /No verdict on server CPU\./);
});

test('one repeat, two, or one transport: no recommendation', () => {
  for (const repeats of [1, 2]) assert.deepEqual(recommended(usual, { repeats }), []);
  assert.deepEqual(recommended(usual, { transports: ['sse'] }), []);
});

test('a transport that was not measured or is not valid often enough is never named', () => {
  const [two] = recommended(usual, { transports: ['short-polling', 'sse'] });
  assert.match(two!.advice, /^Use SSE, because it alone is in time/);
  const broken = (trial: CompletedTrial) => {
    if (trial.transport !== 'websocket') return trial;
    return trial.block === 0 ? failedFrom(trial, 'drain', 'died') : { ...trial, ledger: { ...trial.ledger, lost: 1 } };
  };
  for (const { use, advice } of recommended(usual, { alter: broken })) {
    assert.deepEqual(use, ['sse']);
    assert.doesNotMatch(advice, /WebSocket/);
  }
});

test('in time means in every repeat', () => {
  const once = (trial: CompletedTrial) => trial;
  const late = made(usual);
  const run = syntheticRun({
    scenarios: [chat!],
    alter: (trial) => {
      const after = consistent(late(once(trial)));
      if (trial.transport !== 'sse' || trial.block !== 2) return after;
      return consistent({
        ...after,
        latency: { ...after.latency, delivery: { ...after.latency.delivery, p90Ms: 101 } },
      });
    },
  });
  const [strict] = recommend(analyseRun(run).scenarios[0]!);
  assert.match(strict!.advice, /SSE is too late \(101 ms\)/);
});

test('updates that newer ones replaced count: a poll that brings only the newest is not fresh', () => {
  const { transports: rows, planned } = analyseRun(syntheticRun({ scenarios: [game!], repeats: 3 })).scenarios[0]!;
  const polled = rows.find(({ transport }) => transport === 'short-polling')!;
  const { conflated, expected } = polled.valid[0]!.trial.ledger;
  assert.ok(conflated > 0.1 * expected);
  const p90Ms = Math.max(...polled.valid.map(({ figures }) => figures['latency.p90']!));
  assert.ok(worstSeenWithinMs(polled, planned.scenario)! >= p90Ms + 0.9 * game!.pollIntervalMs);
  const pushed = rows.find(({ transport }) => transport === 'websocket')!;
  const pushedP90Ms = Math.max(...pushed.valid.map(({ figures }) => figures['latency.p90']!));
  assert.equal(worstSeenWithinMs(pushed, planned.scenario), pushedP90Ms);
});
