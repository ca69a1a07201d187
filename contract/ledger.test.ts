import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Books, type Ledger, settleLedger } from '../bench/readings/ledger.ts';
import { type AcceptedUpdates, emptyUpdates } from '../protocol/accepted-updates.ts';
import { codecs } from '../protocol/codec.ts';
import type { Semantics } from '../protocol/contract-terms.ts';
import type { StateNode } from '../servers/main/node.ts';
import type { Tamper } from '../testing/oracles/message-editor.ts';
import { startTamperingHop } from '../testing/oracles/tampering-hop.ts';
import { connectClient, emit, pause, startTestNode, type TestClient, until } from './harness.ts';

const noUpdates: AcceptedUpdates = emptyUpdates(0);

function booksOf(node: StateNode, client: TestClient): Books {
  const { stream, conflation } = node.context;
  return {
    clients: [{ client: 0, channel: 0, ...client.ledger() }],
    server: {
      acceptedFromSource: 0,
      heads: Uint32Array.of(stream.head(0)),
      conflated: conflation.totals(),
      repeatedPublishes: 0,
    },
  };
}

/** The ledger of 20 updates through the tampering path; version 1 precedes the window and is not touched. */
async function settleTampered(t: TestContext, semantics: Semantics, tamper: Tamper, last = 20): Promise<Ledger> {
  const node = await startTestNode({ semantics });
  t.after(() => node.close());
  const hop = await startTamperingHop(
    node.port,
    'websocket',
    () => (message, version) => (version === 1 ? [message] : tamper(message, version)),
  );
  t.after(() => hop.close());
  emit(node, 'before the window');
  const client = connectClient(node, 'websocket', { port: hop.port });
  t.after(client.close);
  await until(() => client.versions.length === 1, 'the client has the first update');
  const before = booksOf(node, client);
  for (let i = 0; i < 20; i++) emit(node, i);
  await until(() => client.versions.includes(last), 'the last delivered update is there');
  await pause(20);
  return settleLedger(before, booksOf(node, client), noUpdates, { semantics, echo: true });
}

const honest: Tamper = (message) => [message];
const dropping =
  (dropped: number): Tamper =>
  (message, version) =>
    version === dropped ? [] : [message];

test('an honest path balances under both semantics', async (t) => {
  for (const semantics of ['every', 'latest'] as const) {
    const ledger = await settleTampered(t, semantics, honest, 21);
    const counts = { expected: 20, received: 20, conflated: 0, lost: 0, duplicated: 0, outOfOrder: 0 };
    assert.deepEqual(ledger, { ...counts, clientsOutOfBalance: 0, faults: [] });
  }
});

test('a dropped update is lost, in the middle and at the end', async (t) => {
  const middle = await settleTampered(t, 'every', dropping(7));
  assert.deepEqual([middle.lost, middle.faults], [1, ['client 0, channel 0: 1 lost']]);
  const end = await settleTampered(t, 'every', dropping(21), 20);
  assert.deepEqual([end.lost, end.faults], [1, ['client 0, channel 0: 1 lost']]);
  const latest = await settleTampered(t, 'latest', dropping(21), 20);
  assert.deepEqual([latest.lost, latest.faults], [1, ['client 0, channel 0: 1 lost']]);
});

test('a duplicated update counts as duplicated', async (t) => {
  for (const semantics of ['every', 'latest'] as const) {
    const ledger = await settleTampered(
      t,
      semantics,
      (message, version) => (version === 7 ? [message, message] : [message]),
      21,
    );
    assert.deepEqual([ledger.lost, ledger.duplicated], [0, 1]);
    assert.deepEqual(ledger.faults, ['client 0, channel 0: 1 duplicated']);
  }
});

test('a duplicate of an older update counts as duplicated under every', async (t) => {
  let kept: Uint8Array | undefined;
  const ledger = await settleTampered(
    t,
    'every',
    (message, version) => {
      if (version === 5) kept = message;
      return version === 12 && kept ? [message, kept] : [message];
    },
    21,
  );
  assert.deepEqual([ledger.lost, ledger.duplicated, ledger.outOfOrder], [0, 1, 0]);
});

test('swapped updates are out of order, not lost', async (t) => {
  let held: Uint8Array | undefined;
  const swap: Tamper = (message, version) => {
    if (version === 7) {
      held = message;
      return [];
    }
    return version === 8 && held ? [message, held] : [message];
  };
  const every = await settleTampered(t, 'every', swap, 21);
  assert.deepEqual([every.lost, every.received, every.outOfOrder], [0, 20, 1]);
  assert.deepEqual(every.faults, ['client 0, channel 0: 1 out of order']);
  const latest = await settleTampered(t, 'latest', swap, 21);
  assert.equal(latest.outOfOrder, 1);
  assert.match(latest.faults.join(), /1 left out without being counted.*1 out of order/);
});

test('versions that were never assigned are reported, even if the sums balance', async (t) => {
  const ledger = await settleTampered(
    t,
    'every',
    (message, version) => {
      const update = codecs.json.decode(message);
      return [version === 21 ? codecs.json.encode({ ...update, version: 25 }) : message];
    },
    25,
  );
  assert.deepEqual([ledger.expected, ledger.received, ledger.lost], [20, 20, 0]);
  assert.deepEqual(ledger.faults, ['client 0, channel 0: 4 versions jumped over that were never given']);
});

test('silent conflation is distinguished from counted conflation', async (t) => {
  const silent = await settleTampered(t, 'latest', dropping(7), 21);
  assert.equal(silent.lost, 1);
  assert.deepEqual(silent.faults, [
    'client 0, channel 0: 1 left out without being counted: silently conflated or lost',
  ]);
});

test('under every, conflation is a fault; under latest, updates that are both conflated and received are one', () => {
  const books = (received: number, missing: number, head: number, conflated: number): Books => ({
    clients: [{ client: 0, channel: 0, received, missing, duplicated: 0, outOfOrder: 0, newest: head }],
    server: {
      acceptedFromSource: 0,
      heads: Uint32Array.of(head),
      conflated: new Map([[0, conflated]]),
      repeatedPublishes: 0,
    },
  });
  const start = books(0, 0, 0, 0);
  const settle = (after: Books, semantics: Semantics) =>
    settleLedger(start, after, noUpdates, { semantics, echo: true });
  assert.deepEqual(settle(books(8, 2, 10, 2), 'latest').faults, []);
  assert.match(settle(books(8, 2, 10, 2), 'every').faults.join(), /2 conflated where every update counts/);
  assert.match(settle(books(10, 0, 10, 3), 'latest').faults.join(), /3 counted as conflated, yet received/);
  assert.match(settle(books(12, 0, 10, 0), 'every').faults.join(), /2 more received than there were/);
});

test('without echo a publisher is not expected to receive its own updates', () => {
  const updates = emptyUpdates(3);
  updates.publisher.set([0, 1, 0]);
  const ledger = settleLedger(
    {
      clients: [{ client: 0, channel: 0, received: 0, missing: 0, duplicated: 0, outOfOrder: 0, newest: 0 }],
      server: { acceptedFromSource: 0, heads: Uint32Array.of(0), conflated: new Map(), repeatedPublishes: 0 },
    },
    {
      clients: [{ client: 0, channel: 0, received: 1, missing: 0, duplicated: 0, outOfOrder: 0, newest: 3 }],
      server: { acceptedFromSource: 0, heads: Uint32Array.of(3), conflated: new Map(), repeatedPublishes: 0 },
    },
    updates,
    { semantics: 'every', echo: false },
  );
  assert.deepEqual([ledger.expected, ledger.received, ledger.faults], [1, 1, []]);
});
