import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedCores, coreList } from '../../machine/host/allowed-cores.ts';
import { choosePinning, pinnedTo, unpinned } from './pinning.ts';

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

const plain = { server: 1, proxy: 0, source: 1, backplane: 0, relay: 0 };

test('with one core nothing is pinned, and there is one load process', () => {
  assert.equal(pinnedTo([0], plain), unpinned);
  assert.deepEqual([unpinned.coreOf('load', 0), unpinned.cores, unpinned.loadCores], [null, null, 1]);
});

test('on two cores the server has the last one, all others have the first, and there is one load process', () => {
  const { pinned, coreOf, cores, loadCores } = pinnedTo([0, 1], { ...plain, server: 2, proxy: 1, relay: 2 });
  assert.deepEqual([pinned, cores, loadCores], [true, { server: [1], others: [0] }, 1]);
  for (const index of [0, 1, 2]) {
    for (const role of ['server', 'proxy'] as const) assert.equal(coreOf(role, index), 1);
    for (const role of ['load', 'source', 'relay', 'backplane'] as const) assert.equal(coreOf(role, index), 0);
  }
});

test('processes of a role take its cores in turn', () => {
  const { coreOf, loadCores } = pinnedTo([0, 1, 2, 3, 4, 5, 6, 7], { ...plain, server: 2, proxy: 1, backplane: 1 });
  assert.equal(loadCores, 4);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map((index) => coreOf('load', index)),
    [0, 1, 2, 3, 0, 1],
  );
  assert.deepEqual([coreOf('server', 0), coreOf('server', 1), coreOf('server', 2)], [7, 6, 7]);
  assert.deepEqual([coreOf('proxy', 0), coreOf('source', 0), coreOf('backplane', 0)], [5, 4, 4]);
});

test('packets are steered to the cores of their side, and never to the core of the source', () => {
  const relayed = { ...plain, server: 2, proxy: 1, relay: 1 };
  assert.deepEqual(pinnedTo([0, 1, 2, 3, 4, 5, 6, 7], relayed).cores, { server: [7, 6, 5], others: [0, 1, 2, 3] });
  assert.deepEqual(pinnedTo([0, 1, 2, 3], plain).cores, { server: [3], others: [0, 1] });
});

test('which cores the two sides have does not depend on the relays', () => {
  for (const count of [2, 3, 4, 7, 16]) {
    const allowed = Array.from({ length: count }, (_, core) => core);
    const sets = [0, 1, 5].map((relay) => pinnedTo(allowed, { ...plain, relay }).cores);
    assert.deepEqual([sets[1], sets[2]], [sets[0], sets[0]]);
  }
});

test('this machine is spread like any other', () => {
  const { pinned, coreOf, loadCores } = choosePinning();
  if (!pinned) return;
  const own = pinnedTo(allowedCores(), plain);
  assert.deepEqual([coreOf('server', 0), loadCores], [own.coreOf('server', 0), own.loadCores]);
});
