import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Encoding } from '../protocol/contract-terms.ts';
import {
  type ClientSettings,
  connectClient,
  emit,
  type NodeSettings,
  pause,
  range,
  spokenTransports,
  startTestNode,
  until,
} from './harness.ts';

const encodings: readonly Encoding[] = ['json', 'binary'];

for (const { transport, speaks, implementation, name } of spokenTransports) {
  const setUp = async (t: TestContext, node: NodeSettings = {}) => {
    const running = await startTestNode({ speaks, ...node });
    t.after(() => running.close());
    const connected = async (settings: ClientSettings = {}) => {
      const client = connectClient(running, transport, { implementation, ...settings });
      t.after(client.close);
      await until(() => client.timesSubscribed() > 0, `${transport} is subscribed`);
      return client;
    };
    return { node: running, connected };
  };

  for (const encoding of encodings) {
    test(`${name}, ${encoding}: each update once and in order`, async (t) => {
      const { node, connected } = await setUp(t, { encoding });
      const client = await connected();
      for (let burst = 0; burst < 8; burst++) {
        for (let i = 0; i < 25; i++) emit(node, { burst, i });
        await pause(3);
      }
      await until(() => client.versions.at(-1) === 200, 'the last update is there');
      assert.deepEqual(client.versions, range(1, 200));
      assert.deepEqual(client.payloads.at(-1), { burst: 7, i: 24 });
      assert.deepEqual(client.ledger(), { received: 200, missing: 0, duplicated: 0, outOfOrder: 0, newest: 200 });
    });

    test(`${name}, ${encoding}: non-ASCII text, line breaks and large payloads arrive unchanged`, async (t) => {
      const { node, connected } = await setUp(t, { encoding });
      const client = await connected();
      const payloads = ['grüße, 世界 🌍', 'a\nb\r\nc\rd', { nested: ['\u2028', '"\\', ''] }, 'x'.repeat(200_000), null];
      for (const payload of payloads) emit(node, payload);
      await until(() => client.payloads.length === payloads.length, 'all are there');
      assert.deepEqual(client.payloads, payloads);
    });
  }

  test(`${name}: JSON with line ends between tokens arrives as the same JSON`, async (t) => {
    const { node, connected } = await setUp(t);
    const client = await connected();
    for (const text of ['{\n "a": 1,\r\n "b": [\r2\n]\n}', '\n\n"x"\r']) {
      node.context.stream.accept({ channel: 0, intendedUs: 1, payload: Buffer.from(text), publisher: -1 });
    }
    await until(() => client.payloads.length === 2, 'both are there');
    assert.deepEqual(client.payloads, [{ a: 1, b: [2] }, 'x']);
  });

  test(`${name}: without after the newest state comes first, then later updates`, async (t) => {
    const { node, connected } = await setUp(t);
    for (let i = 1; i <= 5; i++) emit(node, i);
    const client = await connected();
    await until(() => client.versions.length === 1, 'the state is there');
    emit(node, 6);
    emit(node, 7);
    await until(() => client.versions.length === 3, 'the rest is there');
    assert.deepEqual(client.versions, [5, 6, 7]);
  });

  test(`${name}: without after on an empty channel nothing from version 1 on is missed`, async (t) => {
    const { node, connected } = await setUp(t);
    const client = await connected({ pollIntervalMs: 40 });
    for (let i = 1; i <= 3; i++) emit(node, i);
    await until(() => client.versions.length === 3, 'all three are there');
    assert.deepEqual(client.versions, [1, 2, 3]);
  });

  test(`${name}: an old after gets everything since`, async (t) => {
    const { node, connected } = await setUp(t);
    for (let i = 1; i <= 50; i++) emit(node, i);
    const client = await connected({ after: 10 });
    await until(() => client.versions.length === 40, 'all are there');
    assert.deepEqual(client.versions, range(11, 50));
  });

  test(`${name}: an after that is no longer retained is gone, and the newest state follows`, async (t) => {
    const { node, connected } = await setUp(t, { limits: { retainedUpdates: 10 } });
    for (let i = 1; i <= 50; i++) emit(node, i);
    const client = await connected({ after: 10 });
    await until(() => client.versions.length > 0, 'the state is there');
    assert.equal(client.timesGone(), 1);
    assert.deepEqual(client.versions, [50]);
  });

  test(`${name}: an after beyond the newest version is gone too`, async (t) => {
    const { node, connected } = await setUp(t);
    emit(node, 1);
    const client = await connected({ after: 99 });
    await until(() => client.versions.length > 0, 'the state is there');
    assert.equal(client.timesGone(), 1);
    assert.deepEqual(client.versions, [1]);
  });

  test(`${name}: a late joiner gets the state and then every update`, async (t) => {
    const { node, connected } = await setUp(t);
    const early = await connected({ client: 1 });
    for (let i = 1; i <= 10; i++) emit(node, i);
    await until(() => early.versions.length === 10, 'the early one is up to date');
    const late = await connected({ client: 2 });
    await until(() => late.versions.length === 1, 'the state is there');
    emit(node, 11);
    await until(() => late.versions.length === 2 && early.versions.length === 11, 'both have the last one');
    assert.deepEqual(late.versions, [10, 11]);
    assert.deepEqual(early.versions, range(1, 11));
  });

  test(`${name}: channels do not mix`, async (t) => {
    const { node, connected } = await setUp(t);
    const [zero, one] = [await connected({ client: 1, channel: 0 }), await connected({ client: 2, channel: 1 })];
    emit(node, 'zero', 0);
    emit(node, 'one', 1);
    emit(node, 'one again', 1);
    await until(() => zero.payloads.length === 1 && one.payloads.length === 2, 'all are there');
    assert.deepEqual([zero.payloads, one.payloads], [['zero'], ['one', 'one again']]);
  });

  test(`${name}: a client that leaves frees everything on the server`, async (t) => {
    const { node, connected } = await setUp(t);
    const clients = await Promise.all(range(1, 8).map((client) => connected({ client })));
    clients[0]?.publish(1, 'so that a publishing connection is open');
    await until(() => clients[0]?.acknowledged.length === 1, 'the publish is acknowledged');
    for (const client of clients) client.close();
    await until(() => node.socketTotals().openSockets === 0, 'all sockets are closed');
    // Some versions of Node.js close the streams of HTTP/2 a moment later than their socket.
    await until(() => node.context.stream.subscribers(0) === 0, 'nobody is subscribed');
    emit(node, 'nobody is there');
  });
}
