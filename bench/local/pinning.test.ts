import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coreList } from '../../machine/host/allowed-cores.ts';
import { choosePinning } from './pinning.ts';

test('core lists are read as cpuset(7) writes them', () => {
  assert.deepEqual(coreList('0-2,5'), [0, 1, 2, 5]);
  assert.deepEqual(coreList('1,3'), [1, 3]);
  assert.deepEqual(coreList(''), []);
});

test('the server has its core for itself', () => {
  const { pinned, coreOf } = choosePinning();
  if (!pinned) {
    assert.equal(coreOf('server', 0), null);
    return;
  }
  for (const index of [0, 1, 2, 3]) assert.notEqual(coreOf('load', index), coreOf('server', 0));
});
