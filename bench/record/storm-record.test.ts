import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StormFigures } from '../../clients/load/storm-watch.ts';
import { loadFigures, recorded } from '../../testing/by-hand/readings.ts';
import { stormRecord } from './storm-record.ts';

const storm = { kind: 'node-killed', atUs: 5_250_000 } as const;
const windowStartUs = 5_000_000;

const first: StormFigures = {
  cut: 2,
  back: recorded(300, 500),
  missedUpdates: 7,
  behind: 0,
  firstLostUs: 5_252_000,
  caughtUpUs: 5_290_000,
};
const second: StormFigures = {
  cut: 3,
  back: recorded(100, 200, 900),
  missedUpdates: 20,
  behind: 0,
  firstLostUs: 5_251_500,
  caughtUpUs: 5_260_000,
};
/** A load process whose clients kept their connections. */
const spared: StormFigures = {
  cut: 0,
  back: recorded(),
  missedUpdates: 0,
  behind: 0,
  firstLostUs: null,
  caughtUpUs: null,
};

/** Without the histogram, which is a matter of its own. */
function figuresOf(...each: readonly StormFigures[]) {
  const { backMs, ...rest } = stormRecord(
    storm,
    windowStartUs,
    each.map((of) => loadFigures({ storm: of })),
    8,
  );
  return { ...rest, back: [backMs.count, backMs.meanMs, backMs.maxMs] };
}

test('the figures of several load processes are added up', () => {
  const expected = {
    kind: 'node-killed',
    atMs: 250,
    clientsCut: 5,
    back: [5, 0.4, 0.9],
    caughtUpMs: 38.5, // from the first cut of all at 251.5 ms to the last that caught up at 290 ms
    clientsBehind: 0,
    missedUpdates: 27,
    connectionsMade: 8,
  };
  assert.deepEqual(figuresOf(first, second), expected);
  assert.deepEqual(figuresOf(second, spared, first), expected, 'the order of the processes does not matter');
});

test('no time to catch up while a client is still behind', () => {
  const behind = figuresOf(first, { ...second, behind: 1 });
  assert.deepEqual([behind.caughtUpMs, behind.clientsBehind, behind.clientsCut], [null, 1, 5]);
  const all = figuresOf({ ...first, behind: 2, caughtUpUs: null }, { ...second, behind: 3, caughtUpUs: null });
  assert.deepEqual([all.caughtUpMs, all.clientsBehind], [null, 5]);
});

test('no time to catch up if no client was cut', () => {
  assert.deepEqual(figuresOf(spared), {
    kind: 'node-killed',
    atMs: 250,
    clientsCut: 0,
    back: [0, 0, 0],
    caughtUpMs: null,
    clientsBehind: 0,
    missedUpdates: 0,
    connectionsMade: 8,
  });
});

test('one client that was cut is enough for a time', () => {
  const one = { ...spared, cut: 1, back: recorded(40), firstLostUs: 5_251_000, caughtUpUs: 5_251_750 };
  assert.equal(figuresOf(one).caughtUpMs, 0.75);
});

test('a load process without figures of the storm adds nothing', () => {
  const record = stormRecord(storm, windowStartUs, [loadFigures({}), loadFigures({ storm: first })], 3);
  assert.deepEqual([record.clientsCut, record.caughtUpMs, record.connectionsMade], [2, 38, 3]);
});

test('the kind of the storm is recorded', () => {
  assert.equal(stormRecord({ kind: 'proxy-reloaded', atUs: 1 }, 0, [], 0).kind, 'proxy-reloaded');
});
