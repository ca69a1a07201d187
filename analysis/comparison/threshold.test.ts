import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainAnalysis, plainFigures, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { analyseRun } from './run-analysis.ts';
import { failedThresholds, failureText, type Operator, type Threshold } from './threshold.ts';

const analysis = analyseRun(syntheticRun());
const measured = analysis.scenarios[0]!.transports.find(({ transport }) => transport === 'websocket')!;
const p50 = measured.medians['latency.p50']!;

function threshold(operator: Operator, limit: number): Threshold {
  return { scenario: 'chat-room', transport: 'websocket', figure: 'latency.p50', operator, limit };
}

test('each operator is applied to the median, also at the limit', () => {
  const fails = (operator: Operator, limit: number) =>
    failedThresholds([threshold(operator, limit)], analysis).length === 1;
  assert.deepEqual(
    (['<', '<=', '>', '>='] as const).map((operator) => [p50 * 2, p50, p50 / 2].map((limit) => fails(operator, limit))),
    [
      [false, true, true],
      [false, false, true],
      [true, true, false],
      [true, false, false],
    ],
  );
});

test('without a scenario a threshold has to hold in every one', () => {
  const failures = failedThresholds([{ ...threshold('<', 0.001), scenario: undefined }], analysis);
  assert.deepEqual(
    failures.map(({ scenario }) => scenario),
    ['chat-room', 'online-game', 'live-stream'],
  );
});

test('a figure that was not measured fails and is reported as such', () => {
  const run = syntheticRun({ alter: (trial) => failedFrom(trial, 'start', 'no') });
  const failures = failedThresholds([threshold('>', 0)], analyseRun(run));
  assert.deepEqual(
    failures.map(({ value }) => value),
    [undefined],
  );
  assert.match(failureText(failures[0]!), /^chat-room\/websocket\.latency\.p50 was not measured, so .* > 0 ms$/);
});

test('a figure that a stall of the instrument made fails and says why', () => {
  const run = syntheticRun({
    alter: (trial) => ({ ...trial, stalls: { gapMs: trial.window.durationMs, gaps: [], lateMs: 1, lateUpdates: 0 } }),
  });
  const [failure] = failedThresholds([threshold('<', 1e6)], analyseRun(run));
  assert.match(
    failureText(failure!),
    /latency\.p50 is left out, because the instrument made it \(a stall, or late sending\), so it is/,
  );
  const bytes = { ...threshold('>', 1e12), figure: 'bytes.total' } as const;
  assert.equal(failedThresholds([bytes], analyseRun(run))[0]!.isUntold, false);
});

test('an invalid trial is ignored', () => {
  const run = syntheticRun({
    repeats: 1,
    alter: (trial) => ({ ...trial, ledger: { ...trial.ledger, lost: 1 } }),
  });
  assert.equal(failedThresholds([threshold('>', 0)], analyseRun(run))[0]!.value, undefined);
});

test('the text shows that value and limit differ, however close they are', () => {
  const text = (value: number, limit: number) =>
    failureText({
      threshold: threshold('<', limit),
      figure: 'latency.p50',
      scenario: 'chat-room',
      point: {},
      value,
      isUntold: false,
    });
  assert.equal(text(312.4, 250), 'chat-room/websocket.latency.p50 is 312 ms, not < 250 ms');
  assert.equal(text(250.04, 250), 'chat-room/websocket.latency.p50 is 250.04 ms, not < 250 ms');
  assert.equal(text(250, 250), 'chat-room/websocket.latency.p50 is 250 ms, not < 250 ms');
  assert.equal(text(1500, 100), 'chat-room/websocket.latency.p50 is 1.5 s, not < 100 ms');
});

test('bytes are those on the wire where they were counted, else those at the sockets', () => {
  const row = plainRow('websocket', { 'bytes.wire': 3_000, 'bytes.total': 1_000 });
  const limit = { scenario: undefined, transport: 'websocket', figure: 'bytes', operator: '<', limit: 500 } as const;
  const brokenAt = (place: 'wire' | 'sockets') =>
    failedThresholds([limit], { scenarios: [plainAnalysis([row], { place })] }).map(failureText);
  assert.deepEqual(brokenAt('wire'), ['plain/websocket.bytes.wire is 3 kB, not < 500 B']);
  assert.deepEqual(brokenAt('sockets'), ['plain/websocket.bytes.total is 1 kB, not < 500 B']);
});

test('a gate does not rest on the few repeats that no stall touched', () => {
  const row = plainRow('websocket', { 'latency.p99': 10 });
  const untold = row.valid.map((trial) => ({ ...trial, figures: plainFigures() }));
  const limit = {
    scenario: undefined,
    transport: 'websocket',
    figure: 'latency.p99',
    operator: '<',
    limit: 500,
  } as const;
  const failing = (known: number) =>
    failedThresholds([limit], {
      scenarios: [plainAnalysis([{ ...row, valid: [...row.valid.slice(0, known), ...untold.slice(known)] }])],
    }).length;
  assert.deepEqual([3, 2, 1].map(failing), [0, 0, 1]);
});
