import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ClientLedger } from '../../clients/subscriber/ledger.ts';
import type { Semantics } from '../../protocol/contract-terms.ts';
import { acceptedRows, clientLedger, serverLedger } from '../../testing/by-hand/readings.ts';
import { type Books, type Ledger, settleLedger } from './ledger.ts';

const noUpdates = acceptedRows();

function booksOf(heads: readonly number[], clients: readonly Partial<ClientLedger>[], conflated = new Map()): Books {
  return { clients: clients.map(clientLedger), server: serverLedger(heads, { conflated }) };
}

test('a window is the difference of two quiet edges, summed over clients', () => {
  // Channel 0 has 10 new versions, channel 1 has 6; clients 0 and 2 follow channel 0, client 1 follows channel 1.
  const before = booksOf(
    [100, 50],
    [
      { client: 0, channel: 0, received: 70, missing: 30, duplicated: 4, outOfOrder: 1 },
      { client: 1, channel: 1, received: 48, missing: 2, duplicated: 9, outOfOrder: 3 },
      { client: 2, channel: 0, received: 100 },
    ],
    new Map([
      [0, 30],
      [1, 2],
    ]),
  );
  const after = booksOf(
    [110, 56],
    [
      { client: 0, channel: 0, received: 76, missing: 34, duplicated: 4, outOfOrder: 1 },
      { client: 1, channel: 1, received: 53, missing: 3, duplicated: 11, outOfOrder: 3 },
      { client: 2, channel: 0, received: 107, missing: 2, duplicated: 0, outOfOrder: 5 },
    ],
    new Map([
      [0, 34],
      [1, 3],
      [2, 1],
    ]),
  );
  assert.deepEqual(settleLedger(before, after, noUpdates, { semantics: 'latest', echo: true }), {
    expected: 26, // 10 + 6 + 10
    received: 18, // 6 + 5 + 7
    conflated: 6, // 4 + 1 + 1
    lost: 2, // 10 - 7 - 1 of client 2
    duplicated: 2,
    outOfOrder: 5,
    clientsOutOfBalance: 2,
    faults: [
      'client 1, channel 1: 2 duplicated',
      'client 2, channel 0: 1 left out without being counted: silently conflated or lost; 5 out of order',
    ],
  });
});

test('clients are matched by their number, not by their place in the books', () => {
  const before = booksOf(
    [0, 0],
    [
      { client: 1, channel: 1, received: 5 },
      { client: 0, channel: 0, received: 2 },
    ],
  );
  const after = booksOf(
    [3, 4],
    [
      { client: 0, channel: 0, received: 5 },
      { client: 1, channel: 1, received: 9 },
    ],
  );
  const { received, faults } = settleLedger(before, after, noUpdates, { semantics: 'every', echo: true });
  assert.deepEqual([received, faults], [7, []]);
});

/** One client on one channel, from nothing. */
type Single = {
  readonly head: number;
  readonly received: number;
  readonly missing?: number;
  readonly conflated?: number;
  readonly duplicated?: number;
  readonly outOfOrder?: number;
};

function settleSingle(semantics: Semantics, { head, conflated = 0, ...client }: Single): Ledger {
  const before = booksOf([0], [{}]);
  return settleLedger(before, booksOf([head], [client], new Map([[0, conflated]])), noUpdates, {
    semantics,
    echo: true,
  });
}

const lostOne = '1 lost';
const silent = (count: number) => `${count} left out without being counted: silently conflated or lost`;
const jumped = (count: number) => `${count} versions jumped over that were never given`;
const phantom = (count: number) => `${count} counted as conflated, yet received or never due`;

const cases: readonly (readonly [semantics: Semantics, single: Single, lost: number, faults: readonly string[]])[] = [
  ['every', { head: 10, received: 10 }, 0, []],
  ['latest', { head: 10, received: 10 }, 0, []],
  ['latest', { head: 10, received: 7, missing: 3, conflated: 3 }, 0, []],
  // In the middle the version is missed, at the end nothing says so but the head.
  ['every', { head: 10, received: 9, missing: 1 }, 1, [lostOne]],
  ['every', { head: 10, received: 9 }, 1, [lostOne]],
  ['latest', { head: 10, received: 9 }, 1, [lostOne]],
  ['latest', { head: 10, received: 6, missing: 3, conflated: 3 }, 1, [lostOne]],
  ['latest', { head: 10, received: 9, missing: 1 }, 1, [silent(1)]],
  ['latest', { head: 10, received: 4, missing: 5, conflated: 3 }, 3, [silent(2)]],
  [
    'every',
    { head: 10, received: 8, missing: 2, conflated: 2 },
    0,
    ['2 conflated where every update counts', jumped(2)],
  ],
  ['every', { head: 10, received: 10, missing: 4 }, 0, [jumped(4)]],
  ['every', { head: 10, received: 8, missing: 3 }, 2, ['2 lost', jumped(1)]],
  ['every', { head: 10, received: 8, missing: 2 }, 2, ['2 lost']],
  ['latest', { head: 10, received: 10, conflated: 3 }, 0, [phantom(3)]],
  ['latest', { head: 10, received: 9, missing: 1, conflated: 2 }, 0, [phantom(1)]],
  ['every', { head: 10, received: 12 }, 0, ['2 more received than there were']],
  ['latest', { head: 10, received: 12, missing: 1, conflated: 1 }, 0, ['3 more received than there were']],
  [
    'every',
    { head: 10, received: 11, missing: 1 },
    0,
    ['1 versions jumped over that were never given', '1 more received than there were'],
  ],
  ['latest', { head: 10, received: 10, duplicated: 3 }, 0, ['3 duplicated']],
  ['every', { head: 10, received: 10, outOfOrder: 2 }, 0, ['2 out of order']],
  [
    'every',
    { head: 10, received: 9, missing: 1, duplicated: 1, outOfOrder: 1 },
    1,
    [lostOne, '1 duplicated', '1 out of order'],
  ],
  ['every', { head: 3, received: 3, conflated: 1 }, 0, ['1 conflated where every update counts', phantom(1)]],
];

for (const [semantics, single, lost, faults] of cases) {
  test(`${semantics}: ${JSON.stringify(single)} → ${faults.join('; ') || 'balanced'}`, () => {
    const ledger = settleSingle(semantics, single);
    const line = `client 0, channel 0: ${faults.join('; ')}`;
    assert.deepEqual(ledger.faults, faults.length > 0 ? [line] : []);
    assert.equal(ledger.clientsOutOfBalance, faults.length > 0 ? 1 : 0);
    assert.deepEqual(
      [ledger.expected, ledger.received, ledger.conflated, ledger.lost, ledger.duplicated, ledger.outOfOrder],
      [single.head, single.received, single.conflated ?? 0, lost, single.duplicated ?? 0, single.outOfOrder ?? 0],
    );
  });
}

test('what one client lost is not offset by what another received too often', () => {
  const after = booksOf(
    [10],
    [
      { client: 0, received: 8 },
      { client: 1, received: 13 },
    ],
  );
  const before = booksOf([0], [{ client: 0 }, { client: 1 }]);
  const { expected, received, lost, clientsOutOfBalance } = settleLedger(before, after, noUpdates, {
    semantics: 'every',
    echo: true,
  });
  assert.deepEqual([expected, received, lost, clientsOutOfBalance], [20, 21, 2, 2]);
});

/** In their channel 0 client 0 published two updates, client 1 one, the source two; client 0 also has two in channel 1. */
const published = acceptedRows(
  { channel: 0, version: 1, publisher: 0 },
  { channel: 0, version: 2, publisher: 1 },
  { channel: 0, version: 3 },
  { channel: 0, version: 4, publisher: 0 },
  { channel: 0, version: 5 },
  { channel: 1, version: 1, publisher: 0 },
  { channel: 1, version: 2, publisher: 0 },
);

for (const { echo, expected } of [
  { echo: false, expected: [3, 4] },
  { echo: true, expected: [5, 5] },
]) {
  test(`${echo ? 'with' : 'without'} echo, of 5 updates in their channel two publishers expect ${expected.join(' and ')}`, () => {
    const clients = expected.map((received, client) => ({ client, channel: 0, received }));
    const before = booksOf([0, 0], [{ client: 0 }, { client: 1 }]);
    const ledger = settleLedger(before, booksOf([5, 2], clients), published, { semantics: 'every', echo });
    assert.deepEqual(
      [ledger.expected, ledger.received, ledger.faults],
      [expected[0]! + expected[1]!, ledger.expected, []],
    );
  });
}

test('the first 20 faults are named, all clients are counted', () => {
  const clients = Array.from({ length: 23 }, (_, client) => ({ client }));
  const after = clients.map((client) => ({ ...client, duplicated: 1 }));
  const ledger = settleLedger(booksOf([0], clients), booksOf([0], after), noUpdates, {
    semantics: 'every',
    echo: true,
  });
  assert.equal(ledger.clientsOutOfBalance, 23);
  assert.deepEqual(
    [ledger.faults.length, ledger.faults[0], ledger.faults.at(-1)],
    [20, 'client 0, channel 0: 1 duplicated', 'client 19, channel 0: 1 duplicated'],
  );
});

const few = fc.nat({ max: 50 });
/** Clients of one channel each, so that each can have its own number of versions. */
const fates = fc.array(fc.record({ received: few, conflated: few, lost: few, earlier: few }), { maxLength: 5 });

test('expected = received + conflated + lost, from any start; only clients that lost something are out of balance', () => {
  fc.assert(
    fc.property(fates, (clients) => {
      const places = [...clients.keys()];
      const before = booksOf(
        clients.map(({ earlier }) => earlier),
        clients.map(({ earlier }, place) => ({ client: place, channel: place, received: earlier })),
      );
      const after = booksOf(
        clients.map(({ earlier, received, conflated, lost }) => earlier + received + conflated + lost),
        clients.map(({ earlier, received, conflated, lost }, place) => ({
          client: place,
          channel: place,
          received: earlier + received,
          missing: conflated + lost,
        })),
        new Map(places.map((place) => [place, clients[place]!.conflated])),
      );
      const ledger = settleLedger(before, after, noUpdates, { semantics: 'latest', echo: true });
      const total = (of: (client: (typeof clients)[number]) => number) =>
        clients.reduce((sum, each) => sum + of(each), 0);
      assert.equal(ledger.expected, ledger.received + ledger.conflated + ledger.lost);
      assert.deepEqual(
        [ledger.received, ledger.conflated, ledger.lost],
        [total(({ received }) => received), total(({ conflated }) => conflated), total(({ lost }) => lost)],
      );
      assert.equal(ledger.clientsOutOfBalance, clients.filter(({ lost }) => lost > 0).length);
      const reversed = { ...after, clients: after.clients.toReversed() };
      const { faults: _, ...other } = settleLedger(before, reversed, noUpdates, { semantics: 'latest', echo: true });
      const { faults: __, ...same } = ledger;
      assert.deepEqual(other, same, 'the order of the clients does not matter');
    }),
  );
});
