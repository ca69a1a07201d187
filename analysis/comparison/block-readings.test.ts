import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport } from '../../protocol/transport.ts';
import { plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { figureOf } from '../figures/figures.ts';
import { completeBlocks } from './block-readings.ts';

/** Trials of the transports in these blocks, all alike. */
function measuredIn(blocks: Partial<Readonly<Record<Transport, readonly number[]>>>) {
  return Object.entries(blocks).flatMap(([transport, list]) =>
    list.map((block) => ({
      trial: plainTrial({ transport: transport as Transport, block }),
      scenario: plainScenario,
    })),
  );
}

const names = ['short-polling', 'long-polling', 'sse', 'websocket'] as const;

function complete(blocks: Parameters<typeof measuredIn>[0]) {
  const found = completeBlocks(measuredIn(blocks), names, 'bytes', 3);
  return found && [found.transports, found.blocks];
}

test('only blocks in which every transport has a reading, in order of time', () => {
  assert.deepEqual(
    complete({ 'short-polling': [4, 0, 1, 2], 'long-polling': [0, 1, 2, 4], sse: [0, 2, 3, 4], websocket: [0, 2, 4] }),
    [names, [0, 2, 4]],
  );
});

test('readings are by transport, then block', () => {
  const found = completeBlocks(measuredIn({ sse: [0, 1, 2], websocket: [0, 1, 2] }), names, 'bytes', 3)!;
  const value = figureOf('bytes.total', measuredIn({ sse: [0] })[0]!)!;
  assert.deepEqual(found.readings, [
    [value, value, value],
    [value, value, value],
  ]);
});

test('who has the fewest is left out until enough blocks are complete', () => {
  const all = [0, 1, 2];
  assert.deepEqual(complete({ 'short-polling': all, sse: all, websocket: all }), [
    ['short-polling', 'sse', 'websocket'],
    all,
  ]);
  assert.deepEqual(complete({ 'short-polling': all, 'long-polling': [0], sse: [1, 2], websocket: all }), [
    ['short-polling', 'websocket'],
    all,
  ]);
  // Of two with as few the later is left out, which is enough here.
  assert.deepEqual(
    complete({ 'short-polling': [0, 1, 2], 'long-polling': [0, 1, 2, 3, 4], sse: [2, 3, 4], websocket: [0, 1, 2, 3] }),
    [['short-polling', 'long-polling', 'websocket'], all],
  );
});

test('nothing if fewer than two transports share enough blocks', () => {
  assert.equal(complete({ sse: [0, 1, 2, 3], websocket: [0, 1] }), undefined);
  assert.equal(complete({}), undefined);
});
