import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Encoding, everyChannel, publishers } from '../protocol/contract-terms.ts';
import { transports } from '../protocol/transport.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { connectClient, type NodeSettings, pause, range, until } from './harness.ts';
import { type NodeGroup, startNodeGroup } from './node-group.ts';

async function startGroup(t: TestContext, settings?: NodeSettings, lateMs?: number): Promise<NodeGroup> {
  const group = await startNodeGroup(settings, lateMs);
  t.after(group.close);
  return group;
}

for (const transport of transports) {
  for (const encoding of ['json', 'binary'] satisfies Encoding[]) {
    test(`${transport}, ${encoding}: clients of two nodes publish and get one stream in one order`, async (t) => {
      const { nodes, accepted, emit } = await startGroup(t, { encoding });
      const clients = range(0, 5).map((client) => connectClient(nodes[client % 2]!, transport, { client }));
      for (const client of clients) t.after(client.close);
      await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
      for (let sequence = 1; sequence <= 20; sequence++) {
        for (const [number, client] of clients.entries()) client.publish(sequence, [number, sequence]);
        emit(['source', sequence]);
        if (sequence % 5 === 0) await pause(1);
      }
      const all = 20 * (clients.length + 1);
      await until(() => clients.every(({ versions }) => versions.length >= all), 'all have all');
      await until(() => clients.every(({ acknowledged }) => acknowledged.length === 20), 'all is acknowledged');
      for (const [number, { versions, payloads, acknowledged }] of clients.entries()) {
        assert.deepEqual(versions, range(1, all));
        assert.deepEqual(payloads, clients[0]!.payloads);
        for (const { sequence, version } of acknowledged) assert.deepEqual(payloads[version - 1], [number, sequence]);
      }
      assert.deepEqual(
        accepted.map(({ version }) => version),
        range(1, all),
      );
    });
  }

  test(`${transport}: a broadcast reaches the clients of all channels and nodes, in its place among their updates`, async (t) => {
    const { nodes, ordering, accepted, emit } = await startGroup(t);
    const clients = range(0, 5).map((client) =>
      connectClient(nodes[client % 2]!, transport, { client, channel: client % 3 === 0 ? 0 : 1 }),
    );
    for (const client of clients) t.after(client.close);
    await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
    emit('of channel 1', 1);
    emit('for all', everyChannel);
    emit('of channel 0', 0);
    emit('of channel 1 again', 1);
    const expected = [
      ['for all', 'of channel 0'],
      ['of channel 1', 'for all', 'of channel 1 again'],
    ];
    await until(() => clients.every(({ versions }, i) => versions.length === (i % 3 === 0 ? 2 : 3)), 'all have all');
    for (const [i, { versions, payloads }] of clients.entries()) {
      assert.deepEqual(payloads, expected[i % 3 === 0 ? 0 : 1]);
      assert.deepEqual(versions, range(1, payloads.length));
    }
    assert.deepEqual([...ordering.heads()], [2, 3]);
    assert.deepEqual(
      accepted.filter(({ publisher }) => publisher === publishers.broadcast).map(({ channel }) => channel),
      [0, 1],
    );
  });

  test(`${transport}: a client that moves to a lagging node loses and repeats nothing`, async (t) => {
    const { nodes, emit } = await startGroup(t, {}, 40);
    let target = 0;
    const proxy = await startCuttingProxy(() => nodes[target]!.port);
    t.after(proxy.close);
    const clients = range(0, 4).map((client) => connectClient(nodes[0]!, transport, { client, port: proxy.port }));
    for (const client of clients) t.after(client.close);
    emit('the first');
    await until(() => clients.every(({ versions }) => versions.length === 1), 'all clients have the first update');
    for (let i = 2; i <= 200; i++) {
      emit(i);
      if (i % 40 === 0) {
        target = 1 - target;
        proxy.cut();
      }
      if (i % 4 === 0) await pause(2);
    }
    await until(() => clients.every(({ versions }) => versions.at(-1) === 200), 'all clients are up to date');
    for (const client of clients) {
      assert.deepEqual(client.versions, range(1, 200));
      assert.ok(client.tally.reconnects > 0, 'it was cut off');
      assert.equal(client.timesGone(), 0);
    }
  });

  test(`${transport}: a client ahead of the node is served once the node has caught up`, async (t) => {
    const { nodes, emit } = await startGroup(t, {}, 300);
    for (let i = 1; i <= 5; i++) emit(i);
    await until(() => nodes[0]!.context.stream.head(0) === 5, 'the first node has all');
    assert.equal(nodes[1]!.context.stream.head(0), 0, 'the second is behind');
    const client = connectClient(nodes[1]!, transport, { client: 1, after: 5 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'it is served');
    emit(6);
    await until(() => client.versions.length > 0, 'the next one comes');
    assert.deepEqual([client.versions, client.timesGone()], [[6], 0]);
  });

  test(`${transport}: a publish repeated at the other node is dropped, even after the first node has closed`, async (t) => {
    const { nodes, ordering, accepted } = await startGroup(t);
    const first = connectClient(nodes[0]!, transport, { client: 7 });
    t.after(first.close);
    await until(() => first.timesSubscribed() > 0, 'subscribed');
    first.publish(1, 'once');
    await until(() => first.acknowledged.length === 1, 'acknowledged');
    first.close();
    await nodes[0]!.close();
    const second = connectClient(nodes[1]!, transport, { client: 7 });
    t.after(second.close);
    await until(() => second.timesSubscribed() > 0, 'subscribed again');
    second.publish(1, 'once');
    second.publish(2, 'twice');
    await until(() => second.acknowledged.length === 2, 'acknowledged again');
    assert.deepEqual(second.acknowledged, [
      { sequence: 1, version: 1 },
      { sequence: 2, version: 2 },
    ]);
    assert.deepEqual([accepted.length, ordering.repeatedPublishes()], [2, 1]);
    assert.equal(nodes[1]!.context.publications.repeats, 1);
  });
}

test('a version that was never assigned is gone, once another node can no longer be ahead', async (t) => {
  const { nodes, emit } = await startGroup(t);
  emit('the only one');
  await until(() => nodes[0]!.context.stream.head(0) === 1, 'it has come');
  const { status } = await fetch(`http://127.0.0.1:${nodes[0]!.port}/updates?channel=0&after=9`);
  assert.equal(status, 410);
});

test('each node records the clients that subscribed to it', async (t) => {
  const { nodes } = await startGroup(t);
  const clients = range(0, 2).map((client) => connectClient(nodes[client % 2]!, 'sse', { client }));
  for (const client of clients) t.after(client.close);
  await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
  assert.deepEqual([...nodes[0]!.context.visits.keys()].sort(), [0, 2]);
  assert.deepEqual([...nodes[1]!.context.visits.keys()], [1]);
});

test('a sequence far ahead at one node shuts out none at another', async (t) => {
  const { nodes } = await startGroup(t);
  const client = connectClient(nodes[0]!, 'websocket', { client: 1 });
  t.after(client.close);
  await until(() => client.timesSubscribed() > 0, 'subscribed');
  client.publish(2000, 'far ahead');
  await until(() => client.acknowledged.length === 1, 'acknowledged');
  const { port } = nodes[1]!;
  const body = '[1,2,0,"x"]';
  const response = await fetch(`http://127.0.0.1:${port}/updates?client=1`, { method: 'POST', body });
  assert.deepEqual(await response.json(), { ack: [1, 2] });
});
