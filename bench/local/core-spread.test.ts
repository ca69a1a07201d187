import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CrewSize } from '../fleet/crew-size.ts';
import { type CoreSpread, spreadOver } from './core-spread.ts';

const plain: CrewSize = { server: 1, proxy: 0, source: 1, backplane: 0, relay: 0 };
const whole: CrewSize = { server: 3, proxy: 1, source: 1, backplane: 1, relay: 2 };

function firstCores(count: number): readonly number[] {
  return Array.from({ length: count }, (_, core) => core);
}

/** `from`–`to`, both included. */
function range(from: number, to: number): readonly number[] {
  return firstCores(to - from + 1).map((core) => from + core);
}

function spread(count: number, size: CrewSize): CoreSpread {
  return spreadOver(firstCores(count), size)!;
}

/** The cores of the first `count` processes of a role. */
function coresOf(cores: readonly number[], count: number): readonly number[] {
  return firstCores(count).map((i) => cores[i % cores.length]!);
}

test('with fewer than two cores nothing is pinned', () => {
  assert.deepEqual([spreadOver([], plain), spreadOver([5], whole)], [undefined, undefined]);
});

test('on two cores the serving side has the last one, and all others share the first', () => {
  const others: CrewSize = { ...whole, source: 0, relay: 0 };
  for (const size of [plain, whole, others]) {
    const { server, proxy, source, backplane, relay, load } = spread(2, size);
    assert.deepEqual([server, proxy], [[1], [1]]);
    assert.deepEqual([source, backplane, relay, load], [[0], [0], [0], [0]]);
  }
});

test('the table: one server and a source', () => {
  const table = [
    { cores: 2, server: 1, source: 0, load: [0] },
    { cores: 3, server: 2, source: 1, load: [0] },
    { cores: 4, server: 3, source: 2, load: [0, 1] },
    { cores: 8, server: 7, source: 6, load: range(0, 5) },
    { cores: 16, server: 15, source: 14, load: range(0, 13) },
  ];
  for (const { cores, server, source, load } of table) {
    const found = spread(cores, plain);
    assert.deepEqual([found.server, found.source, found.load], [[server], [source], load], `${cores} cores`);
  }
});

test('the table: three servers, proxy, backplane, source and two relays', () => {
  const table = [
    { cores: 2, servers: [1, 1, 1], proxy: 1, source: 0, relays: [0, 0], load: [0] },
    { cores: 3, servers: [2, 2, 2], proxy: 2, source: 1, relays: [0, 0], load: [0] },
    { cores: 4, servers: [3, 2, 3], proxy: 2, source: 1, relays: [0, 0], load: [0] },
    { cores: 8, servers: [7, 6, 5], proxy: 4, source: 3, relays: [2, 2], load: [0, 1] },
    { cores: 16, servers: [15, 14, 13], proxy: 12, source: 11, relays: [9, 10], load: range(0, 8) },
  ];
  for (const { cores, servers, proxy, source, relays, load } of table) {
    const found = spread(cores, whole);
    const seen = [coresOf(found.server, 3), found.proxy, found.source, found.backplane, coresOf(found.relay, 2)];
    assert.deepEqual(seen, [servers, [proxy], [source], [source], relays], `${cores} cores`);
    assert.deepEqual(found.load, load, `${cores} cores`);
  }
});

test('a trial without source and backplane leaves their core to load, one without relays theirs', () => {
  const published: CrewSize = { ...plain, source: 0 };
  assert.deepEqual(spread(3, published).load, [0, 1]);
  assert.deepEqual(spread(8, published).load, range(0, 6));
  const relayed: CrewSize = { ...published, relay: 1 };
  const { load, relay } = spread(3, relayed);
  assert.deepEqual([load, relay], [[0], [1]]);
});

test('with two cores for the rest the source has one, and relays share with load', () => {
  const { source, relay, load } = spread(3, { ...plain, relay: 1 });
  assert.deepEqual([source, relay, load], [[1], [0], [0]]);
});

test('relays spread only while more than half of the rest stays with load', () => {
  const relayed = (cores: number, relay: number) => spread(cores, { ...plain, relay });
  // 15 are the rest, one of them the source's: eight stay.
  assert.deepEqual([relayed(16, 20).relay, relayed(16, 20).load.length], [range(8, 13), 8]);
  assert.deepEqual([relayed(16, 3).relay, relayed(16, 3).load.length], [range(11, 13), 11]);
  // 7 are the rest: four stay.
  assert.deepEqual([relayed(8, 20).relay, relayed(8, 20).load], [[4, 5], range(0, 3)]);
});

test('servers come first, and the proxy is next in turn', () => {
  const served = (server: number, proxy: number) => spread(6, { ...plain, server, proxy });
  assert.deepEqual([served(1, 1).server, served(1, 1).proxy], [[5], [4]]);
  assert.deepEqual([served(2, 1).server, served(2, 1).proxy], [[5, 4], [3]]);
  assert.deepEqual([served(3, 1).server, served(3, 1).proxy], [[5, 4, 3], [5]]);
  assert.deepEqual([served(4, 1).server, served(4, 1).proxy], [[5, 4, 3], [4]]);
});

test('whatever the crew: every role has a core, no two sides share one, and half of the cores stay for the rest', () => {
  const counts = [0, 1, 2, 3, 5, 9];
  const sizes = counts.flatMap((server) =>
    counts.flatMap((relay) =>
      [0, 1].flatMap((proxy) =>
        [0, 1].map((source) => ({ server, proxy, source, backplane: server > 1 ? 1 : 0, relay })),
      ),
    ),
  );
  for (const size of sizes) {
    for (const cores of range(2, 33)) {
      const found = spread(cores, size);
      const what = `${cores} cores, ${JSON.stringify(size)}`;
      for (const own of Object.values(found)) assert.ok(own.length > 0 && own.every((core) => core >= 0), what);
      const serving = new Set([...found.server, ...found.proxy]);
      const rest = new Set([...found.load, ...found.relay, ...found.source, ...found.backplane]);
      assert.equal(serving.size + rest.size, cores, what);
      assert.ok(rest.size >= Math.ceil(cores / 2), what);
      assert.ok(
        [...rest].every((core) => !serving.has(core)),
        what,
      );
      assert.ok(serving.has(cores - 1) && found.load[0] === 0, what);
    }
  }
});

test('the cores are those that are allowed, whatever their numbers', () => {
  const { server, source, load } = spreadOver([2, 3, 5, 7], plain)!;
  assert.deepEqual([server, source, load], [[7], [5], [2, 3]]);
});
