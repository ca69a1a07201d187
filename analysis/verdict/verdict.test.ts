import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transports } from '../../protocol/transport.ts';
import { plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainPlan } from '../../testing/by-hand/plain-run.ts';
import type { Outcome } from '../comparison/outcome.ts';
import { type Question, questionNames } from '../figures/question.ts';
import {
  answersOf,
  equalIn,
  nameWithin,
  noVerdictReason,
  plainRatio,
  sentenceOf,
  sentenceParts,
  sizes,
} from './verdict.ts';

function estimate(ratio: number, low: number, high: number) {
  return { ratio, low, high, pValue: 0.01 };
}

test('each question has its words for less and for more', () => {
  const said = (question: Question) =>
    [0.25, 4].map((ratio) =>
      sentenceOf(plainComparison(question, 'sse', 'websocket', ratio < 1 ? 'lower' : 'higher', ratio)),
    );
  assert.deepEqual(said('freshness'), [
    'SSE delivers 4 times sooner than WebSocket (4 to 4).',
    'SSE delivers 4 times later than WebSocket (4 to 4).',
  ]);
  assert.deepEqual(said('bytes'), [
    'SSE needs 4 times fewer bytes at the sockets than WebSocket (4 to 4).',
    'SSE needs 4 times more bytes at the sockets than WebSocket (4 to 4).',
  ]);
  assert.deepEqual(said('server-cpu'), [
    'SSE takes 4 times less server CPU than WebSocket (4 to 4).',
    'SSE takes 4 times more server CPU than WebSocket (4 to 4).',
  ]);
  assert.deepEqual(said('memory'), [
    'SSE takes 4 times less server memory than WebSocket (4 to 4).',
    'SSE takes 4 times more server memory than WebSocket (4 to 4).',
  ]);
});

test('the size of a difference is a part of its own, so that it can be stressed', () => {
  const parts = sentenceParts(plainComparison('bytes', 'long-polling', 'short-polling', 'lower', [0.5, 0.25, 0.8]));
  assert.deepEqual(parts, [
    'Long polling needs ',
    '2 times',
    ' fewer bytes at the sockets than short polling (1.25 to 4).',
  ]);
});

test('no difference seen, not enough repeats, and equal are three different statements', () => {
  const said = (outcome: Outcome, ratio: number, low: number, high: number, question: Question = 'server-cpu') =>
    sentenceParts(plainComparison(question, 'sse', 'long-polling', outcome, [ratio, low, high]));
  assert.deepEqual(said('cannot-tell', 1, 0.9, 1.3), [
    '',
    'Cannot tell',
    ' long polling and SSE apart in server CPU: ratio 1.00 (0.90 to 1.30).',
  ]);
  assert.deepEqual(said('unresolved', 0.3, 0.16, 0.58), [
    '',
    'Not enough repeats',
    ' to tell long polling and SSE apart in server CPU: ratio 0.30 (0.16 to 0.58).',
  ]);
  assert.deepEqual(said('equal', 0.998, 0.996, 1, 'bytes'), [
    'Long polling and SSE are ',
    'equal',
    ' in bytes at the sockets within 1%: ratio 0.998 (0.996 to 1.000).',
  ]);
});

test('those that are equal are so within the smallest difference that counts in the question', () => {
  assert.deepEqual(
    questionNames.map((question) => equalIn(question, 'wire')),
    [
      'in delivery latency within 5%',
      'in bytes on the wire within 1%',
      'in server CPU within 10%',
      'in server memory within 5%',
    ],
  );
});

test('a difference that the clients may have made is no verdict, and the text says how much they add', () => {
  const comparison = plainComparison('freshness', 'sse', 'websocket', 'cannot-tell', [1.02, 1.01, 1.03]);
  assert.equal(
    sentenceOf({ ...comparison, clientWorkMs: 0.4 }),
    'Cannot tell WebSocket and SSE apart in delivery latency: ratio 1.020 (1.010 to 1.030); the difference is no larger' +
      ' than what a client itself adds (400 µs).',
  );
});

test('too few pairs give no verdict, and the text states how many there are', () => {
  const few = (count: number) => {
    const whole = plainComparison('bytes', 'sse', 'short-polling', 'too-few', 2);
    return sentenceOf({ ...whole, ratios: whole.ratios.slice(0, count) });
  };
  const about = 'No verdict on bytes at the sockets of short polling and SSE';
  assert.equal(few(0), `${about}: no pair of valid repeats to compare.`);
  assert.equal(few(1), `${about}: only 1 pair of valid repeats to compare.`);
  assert.equal(few(2), `${about}: only 2 pairs of valid repeats to compare.`);
  const unknown = { ...plainComparison('bytes', 'sse', 'short-polling', 'lower', 2), estimate: undefined };
  assert.equal(
    sentenceOf(unknown),
    `${about}: fewer than three blocks in which every compared transport has a valid repeat.`,
  );
});

test('from 1.5 times on a difference is stated as a factor, below as a percentage', () => {
  const size = (ratio: number, low: number, high: number) => Object.values(sizes(estimate(ratio, low, high))).join(' ');
  assert.equal(size(1.5, 1.2, 2), '1.50 times 1.20 2');
  assert.equal(size(1.499, 1.2, 2), '50% 20% 100%');
  assert.equal(size(0.5, 0.4, 0.8), '2 times 1.25 2.50');
  assert.equal(size(0.8, 0.7, 0.9), '20% 10% 30%');
  assert.equal(size(1.1, 1.05, 1.15), '10% 5.0% 15%');
  // Ends that would look the same get one digit more.
  assert.equal(size(1.1, 1.0999, 1.1001), '10.0% 9.99% 10.0%');
  assert.equal(size(0.75, 0.7499, 0.7501), '25% 25.0% 25.0%');
  assert.equal(size(1, 1, 1), '0% 0% 0%');
});

test('a ratio and its ends have the same decimals near 1, and three digits far from it', () => {
  assert.equal(plainRatio(estimate(0.98, 0.83, 1.15)), '0.98 (0.83 to 1.15)');
  // Three decimals where the interval is narrower than 0.05.
  assert.equal(plainRatio(estimate(1, 0.98, 1.029)), '1.000 (0.980 to 1.029)');
  assert.equal(plainRatio(estimate(1, 0.75, 0.8125)), '1.00 (0.75 to 0.81)');
  assert.equal(plainRatio(estimate(0.5, 0.1, 0.9)), '0.500 (0.100 to 0.900)');
  assert.equal(plainRatio(estimate(0.5, 0.101, 0.9)), '0.50 (0.10 to 0.90)');
  assert.equal(plainRatio(estimate(5, 1, 10)), '5 (1 to 10)');
  assert.equal(plainRatio(estimate(5, 1, 9.99)), '5.00 (1.00 to 9.99)');
  assert.equal(plainRatio(estimate(12.345, 11, 1_234.5)), '12.3 (11 to 1,235)');
});

test('an interval that is exactly 0.05 wide has two decimals', () => {
  assert.equal(plainRatio(estimate(1.5, 1.5, 1.5625)), '1.50 (1.50 to 1.56)');
  assert.equal(plainRatio(estimate(0.53, 0.5, 0.55)), '0.53 (0.50 to 0.55)');
});

test('a title within a sentence: ordinary words lose their capital, names keep it', () => {
  assert.deepEqual(transports.map(nameWithin), ['short polling', 'long polling', 'SSE', 'WebSocket']);
});

test('answers are by question in their order, against the reference and among the others', () => {
  const first = plainComparison('memory', 'sse', 'short-polling', 'lower', 0.5);
  const second = plainComparison('bytes', 'sse', 'short-polling', 'cannot-tell', 1);
  const third = plainComparison('bytes', 'websocket', 'sse', 'higher', 2);
  const few = plainComparison('freshness', 'sse', 'short-polling', 'too-few', 1);
  assert.deepEqual(answersOf([first, few, second, third], 'short-polling'), [
    { question: 'bytes', againstReference: [second], among: [third] },
    { question: 'memory', againstReference: [first], among: [] },
  ]);
  assert.deepEqual(answersOf([third], 'short-polling'), [{ question: 'bytes', againstReference: [], among: [third] }]);
  assert.deepEqual(answersOf([few], 'short-polling'), []);
});

test('the reason for no verdict: shown once, too few planned, too few valid', () => {
  const two = [plainRow('sse'), { ...plainRow('websocket'), valid: [] }];
  const reason = (repeats: number, rows = two) =>
    noVerdictReason({ planned: { ...plainPlan, repeats }, judged: repeats >= 3, transports: rows });
  assert.equal(reason(1), 'Shown once: no verdict.');
  assert.equal(reason(2), '2 repeats: no verdict, three are the least.');
  assert.equal(reason(3), 'No verdict: fewer than three valid repeats to compare.');
  assert.equal(reason(5, two.slice(0, 1)), 'No verdict: only one transport was measured.');
  const untold = [plainRow('sse'), plainRow('websocket')];
  assert.match(reason(5, untold), /^No verdict: too few blocks in which both have a valid repeat with this figure\.$/);
  const cohorts = { ...plainPlan, scenario: { ...plainPlan.scenario, pollCohortsMs: [100, 200] }, repeats: 5 };
  assert.match(
    noVerdictReason({ planned: cohorts, judged: true, transports: untold }),
    /^No verdict: short polling at several/,
  );
});

test('where the medians of the table give another ratio, the sentence says so', () => {
  const said = (ratio: number, ofMedians: number) =>
    sentenceOf({ ...plainComparison('server-cpu', 'sse', 'websocket', 'higher', ratio), ofMedians });
  assert.equal(said(3, 2.5), 'SSE takes 3 times more server CPU than WebSocket (3 to 3; 2.50 times by the medians).');
  assert.equal(said(3, 2.9), 'SSE takes 3 times more server CPU than WebSocket (3 to 3).');
  assert.match(said(1.2, 1), /; 0% the other way by the medians\)\.$/);
  assert.match(said(1.2, 0.9), /; 10\.0% the other way by the medians\)\.$/);
  const turned = sentenceOf({ ...plainComparison('server-cpu', 'sse', 'websocket', 'lower', 0.25), ofMedians: 0.5 });
  assert.match(turned, /4 times less server CPU than WebSocket \(4 to 4; 2 times by the medians\)\.$/);
});
