import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import type { Comparison } from '../comparison/comparison.ts';
import { advantage, headlineOf, listed, nearest } from './headline.ts';

const all = (['short-polling', 'long-polling', 'sse', 'websocket'] as const).map((transport) => plainRow(transport));

type Found = readonly [Transport, Transport, Comparison['outcome'], number];

function compared(...found: readonly Found[]): readonly Comparison[] {
  return found.map(([transport, reference, outcome, ratio]) =>
    plainComparison('server-cpu', transport, reference, outcome, [ratio, ratio * 0.8, ratio * 1.25]),
  );
}

function said(comparisons: readonly Comparison[], reference: Transport = 'short-polling', transports = all) {
  return headlineOf({ comparisons, transports, place: 'sockets' }, 'server-cpu', reference);
}

/** WebSocket beats SSE, which beats long polling, which beats short polling. */
const clear = compared(
  ['long-polling', 'short-polling', 'lower', 0.5],
  ['sse', 'short-polling', 'lower', 0.25],
  ['websocket', 'short-polling', 'lower', 0.125],
  ['sse', 'long-polling', 'lower', 0.5],
  ['websocket', 'long-polling', 'lower', 0.25],
  ['websocket', 'sse', 'lower', 0.5],
);

test('one best: by how much against the reference', () => {
  assert.deepEqual(said(clear), {
    sentence: 'WebSocket takes the least server CPU: 8 times (6.40 to 10) less than short polling.',
    unjudged: [],
  });
});

test('the reference itself is best: by how much against the next', () => {
  assert.equal(
    said(clear, 'websocket')?.sentence,
    'WebSocket takes the least server CPU: 2 times (1.60 to 2.50) less than SSE, the next.',
  );
});

test('a best transport without a verdict against the reference has no difference to state', () => {
  const three = compared(
    ['sse', 'short-polling', 'too-few', 0.5],
    ['websocket', 'short-polling', 'too-few', 0.5],
    ['websocket', 'sse', 'lower', 0.5],
  );
  assert.deepEqual(said(three), {
    sentence: 'WebSocket takes the least server CPU.',
    unjudged: ['short-polling', 'long-polling'],
  });
});

test('several best, of which only one differs from the reference: its ratio alone', () => {
  const tied = compared(
    ['sse', 'short-polling', 'lower', 0.25],
    ['websocket', 'short-polling', 'cannot-tell', 0.5],
    ['websocket', 'sse', 'cannot-tell', 1],
  );
  assert.deepEqual(said(tied), {
    sentence:
      'SSE and WebSocket take the least server CPU and cannot be told apart: SSE 4 times (3.20 to 5) less than short polling.',
    unjudged: ['long-polling'],
  });
});

test('several best, each with its ratio to the reference', () => {
  const tied = compared(
    ['sse', 'short-polling', 'lower', 0.25],
    ['websocket', 'short-polling', 'lower', 0.5],
    ['websocket', 'sse', 'cannot-tell', 1],
  );
  assert.deepEqual(said(tied), {
    sentence:
      'SSE and WebSocket take the least server CPU and cannot be told apart: SSE 4 times (3.20 to 5), WebSocket 2 times (1.60 to 2.50) less than short polling.',
    unjudged: ['long-polling'],
  });
});

test('the reference among several best is stated without itself', () => {
  const tied = compared(
    ['sse', 'short-polling', 'cannot-tell', 1],
    ['websocket', 'short-polling', 'higher', 2],
    ['websocket', 'sse', 'higher', 2],
  );
  assert.equal(said(tied)?.sentence, 'Short polling and SSE take the least server CPU and cannot be told apart.');
});

test('all alike: cannot tell, with every ratio to the reference', () => {
  const alike = compared(
    ['sse', 'short-polling', 'cannot-tell', 1.1],
    ['websocket', 'short-polling', 'cannot-tell', 0.9],
    ['websocket', 'sse', 'cannot-tell', 1],
  );
  assert.equal(
    said(alike)?.sentence,
    'Cannot tell short polling, SSE and WebSocket apart in server CPU: to short polling the ratio is 1.10 (0.88 to 1.38) for SSE, 0.90 (0.72 to 1.13) for WebSocket.',
  );
});

test('all equal: so it says, within what', () => {
  const equal = compared(
    ['sse', 'short-polling', 'equal', 1.02],
    ['websocket', 'short-polling', 'equal', 0.99],
    ['websocket', 'sse', 'equal', 1],
  );
  assert.equal(
    said(equal)?.sentence,
    'Short polling, SSE and WebSocket are equal in server CPU within 10%: to short polling the ratio is 1.02 (0.82 to 1.27) for SSE, 0.99 (0.79 to 1.24) for WebSocket.',
  );
  // One pair that cannot be told apart, and none of them is called equal.
  assert.match(
    said([...equal.slice(1), ...compared(['sse', 'short-polling', 'cannot-tell', 1.02])])!.sentence,
    /^Cannot tell short polling, SSE and WebSocket apart in server CPU: /,
  );
});

test('several best that are equal', () => {
  const tied = compared(
    ['sse', 'short-polling', 'lower', 0.5],
    ['websocket', 'short-polling', 'lower', 0.5],
    ['websocket', 'sse', 'equal', 1],
  );
  assert.equal(
    said(tied)?.sentence,
    'SSE and WebSocket take the least server CPU and are equal within 10%: SSE 2 times (1.60 to 2.50), WebSocket 2 times (1.60 to 2.50) less than short polling.',
  );
});

test('where repeats are not enough, no transport behind is called a tie, and the one ahead is not called the best', () => {
  const open = compared(
    ['sse', 'short-polling', 'lower', 0.25],
    ['websocket', 'short-polling', 'lower', 0.125],
    ['websocket', 'sse', 'unresolved', 0.5],
  );
  assert.equal(
    said(open)?.sentence,
    'SSE or WebSocket takes the least server CPU, not enough repeats to tell which: SSE 4 times (3.20 to 5), WebSocket 8 times (6.40 to 10) less than short polling.',
  );
  const all = compared(
    ['sse', 'short-polling', 'unresolved', 0.5],
    ['websocket', 'short-polling', 'unresolved', 0.4],
    ['websocket', 'sse', 'cannot-tell', 0.9],
  );
  assert.equal(
    said(all)?.sentence,
    'Not enough repeats to tell short polling, SSE and WebSocket apart in server CPU: to short polling the ratio is 0.50 (0.40 to 0.63) for SSE, 0.40 (0.32 to 0.50) for WebSocket.',
  );
});

test('transports that tie among themselves, but not with the reference, have no ratio', () => {
  const alike = compared(['sse', 'short-polling', 'too-few', 1.1], ['websocket', 'sse', 'cannot-tell', 1]);
  assert.equal(said(alike)?.sentence, 'Cannot tell SSE and WebSocket apart in server CPU.');
});

test('transports that beat each other in a circle tie', () => {
  const circle = compared(
    ['sse', 'short-polling', 'lower', 0.5],
    ['websocket', 'sse', 'lower', 0.5],
    ['websocket', 'short-polling', 'higher', 2],
  );
  assert.match(said(circle)!.sentence, /^Cannot tell short polling, SSE and WebSocket apart/);
});

test('without two judged transports there is no headline, and other questions do not count', () => {
  assert.equal(said(compared(['sse', 'short-polling', 'too-few', 0.5])), undefined);
  assert.equal(said([plainComparison('bytes', 'sse', 'short-polling', 'lower', 0.5)]), undefined);
  assert.equal(said(compared(['sse', 'short-polling', 'lower', 0.5]), 'short-polling', [all[2]!]), undefined);
});

test('the nearest is the one that is beaten by least', () => {
  const of = (first: Transport, among?: readonly Transport[]) => {
    const found = nearest(clear, 'server-cpu', first, among);
    return found && [found.reference, found.estimate?.ratio];
  };
  assert.deepEqual(of('websocket'), ['sse', 0.5]);
  assert.deepEqual(of('websocket', ['short-polling', 'long-polling']), ['long-polling', 0.25]);
  assert.deepEqual(of('sse'), ['long-polling', 0.5]);
  assert.equal(of('short-polling'), undefined);
  assert.equal(nearest(clear, 'bytes', 'websocket'), undefined);
});

test('an advantage is stated only if it is clear', () => {
  const of = (outcome: Comparison['outcome']) => plainComparison('bytes', 'sse', 'websocket', outcome, [0.5, 0.4, 0.8]);
  assert.equal(advantage(of('lower')), '2 times (1.25 to 2.50)');
  assert.equal(advantage(of('higher'), 'SSE'), 'SSE 2 times (1.25 to 2.50)');
  assert.equal(advantage(of('cannot-tell')), undefined);
  assert.equal(advantage(of('equal')), undefined);
  assert.equal(advantage(of('unresolved')), undefined);
  assert.equal(advantage(of('too-few')), undefined);
  assert.equal(advantage({ ...of('lower'), estimate: undefined }), undefined);
  assert.equal(advantage(undefined), undefined);
});

test('names in a list', () => {
  assert.equal(listed([], 'and'), '');
  assert.equal(listed(['a'], 'and'), 'a');
  assert.equal(listed(['a', 'b'], 'or'), 'a or b');
  assert.equal(listed(['a', 'b', 'c'], 'and', true), 'A, b and c');
});
