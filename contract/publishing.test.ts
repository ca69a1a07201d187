import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { codecs } from '../protocol/codec.ts';
import type { Encoding } from '../protocol/contract-terms.ts';
import type { ExchangeEvent } from '../protocol/exchange.ts';
import { publishUrl } from '../protocol/routes.ts';
import { decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import {
  connectClient,
  emit,
  pause,
  range,
  spokenTransports,
  startTestNode,
  type TestClient,
  until,
} from './harness.ts';

for (const { transport, speaks, implementation, name } of spokenTransports) {
  for (const encoding of ['json', 'binary'] satisfies Encoding[]) {
    test(`${name}, ${encoding}: every client publishes, all receive, publishers learn the version`, async (t) => {
      const node = await startTestNode({ speaks, encoding });
      t.after(() => node.close());
      const clients = range(0, 4).map((client) => connectClient(node, transport, { implementation, client }));
      for (const client of clients) t.after(client.close);
      await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
      for (const [number, client] of clients.entries()) {
        for (let sequence = 1; sequence <= 4; sequence++) client.publish(sequence, [number, sequence]);
      }
      // On a shared connection the update may come before the acknowledgement.
      const hasAll = ({ versions, acknowledged }: TestClient) => versions.length === 20 && acknowledged.length === 4;
      await until(() => clients.every(hasAll), 'all have all');
      for (const [number, client] of clients.entries()) {
        assert.deepEqual(client.versions, range(1, 20));
        assert.deepEqual(
          client.acknowledged.map(({ sequence }) => sequence),
          [1, 2, 3, 4],
        );
        for (const { sequence, version } of client.acknowledged) {
          assert.deepEqual(client.payloads[version - 1], [number, sequence]);
        }
      }
    });
  }

  test(`${name}: what the watched client publishes is noted on both sides, and nothing of others`, async (t) => {
    const node = await startTestNode({ speaks, channels: 2 });
    t.after(() => node.close());
    const [watched, other] = [
      connectClient(node, transport, { implementation }),
      connectClient(node, transport, { implementation, client: 1 }),
    ];
    for (const client of [watched, other]) t.after(client.close);
    await until(() => watched.timesSubscribed() > 0 && other.timesSubscribed() > 0, 'both are subscribed');
    other.publish(1, 'not this');
    watched.publish(1, 'for all');
    watched.publish(2, 'for the server', 1);
    const isDone = () => watched.acknowledged.length === 2 && other.acknowledged.length === 1;
    await until(() => isDone() && watched.versions.length === 2, 'all is acknowledged');
    const noted = (events: readonly ExchangeEvent[]) =>
      events.flatMap((event) => ('sequence' in event ? [event] : [])).sort((a, b) => a.atUs - b.atUs);
    const server = noted(node.context.exchange.events());
    assert.deepEqual(
      server.map(({ kind, sequence }) => [kind, sequence]),
      [
        ['acknowledgement', 1],
        ['acknowledgement', 2],
      ],
    );
    const client = noted(watched.exchange());
    const sent = client.filter((event) => event.kind === 'publish');
    assert.deepEqual(
      sent.map(({ sequence, channel }) => [sequence, channel]),
      [
        [1, 0],
        [2, 1],
      ],
    );
    const received = client.filter((event) => event.kind === 'acknowledgement');
    for (const [index, { atUs, intendedUs }] of sent.entries()) {
      assert.ok(intendedUs <= atUs && atUs <= server[index]!.atUs && server[index]!.atUs <= received[index]!.atUs);
    }
    assert.deepEqual(noted(other.exchange()), []);
  });

  test(`${name}: a repeat is dropped and acknowledged with the version first given`, async (t) => {
    const node = await startTestNode({ speaks });
    t.after(() => node.close());
    const client = connectClient(node, transport, { implementation, client: 1 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    client.publish(1, 'once');
    await until(() => client.acknowledged.length === 1, 'acknowledged');
    client.publish(1, 'once');
    await until(() => client.acknowledged.length === 2, 'acknowledged again');
    assert.deepEqual(client.acknowledged, [
      { sequence: 1, version: 1 },
      { sequence: 1, version: 1 },
    ]);
    await pause(30);
    assert.deepEqual(client.versions, [1]);
    assert.equal(node.context.publications.repeats, 1);
  });

  test(`${name}: without echo a publisher gets only updates of others, and its ledger balances`, async (t) => {
    const node = await startTestNode({ speaks, echo: false });
    t.after(() => node.close());
    const [a, b] = [
      connectClient(node, transport, { implementation, client: 1 }),
      connectClient(node, transport, { implementation, client: 2 }),
    ];
    for (const client of [a, b]) t.after(client.close);
    await until(() => a.timesSubscribed() > 0 && b.timesSubscribed() > 0, 'subscribed');
    for (let sequence = 1; sequence <= 10; sequence++) {
      a.publish(sequence, `a${sequence}`);
      b.publish(sequence, `b${sequence}`);
      if (sequence % 3 === 0) await pause(5);
    }
    const settled = () =>
      [a, b].every(({ versions, acknowledged }) => versions.length === 10 && acknowledged.length === 10);
    await until(settled, 'both have the updates of the other');
    assert.deepEqual(
      a.payloads,
      range(1, 10).map((sequence) => `b${sequence}`),
    );
    for (const { ledger } of [a, b]) {
      const { received, missing, duplicated, outOfOrder } = ledger();
      assert.deepEqual(
        { received, missing, duplicated, outOfOrder },
        { received: 10, missing: 0, duplicated: 0, outOfOrder: 0 },
      );
    }
  });
}

for (const { transport, speaks, implementation, name } of spokenTransports) {
  test(`${name}: without echo, a client that publishes into an empty channel is up to date`, async (t) => {
    const node = await startTestNode({ speaks, echo: false });
    t.after(() => node.close());
    const client = connectClient(node, transport, { implementation, client: 1 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    client.publish(1, 'mine');
    client.publish(2, 'mine again');
    await until(() => client.acknowledged.length === 2, 'both are acknowledged');
    await until(() => client.ledger().newest === 2, 'it is up to date');
    assert.deepEqual([client.ledger().missing, client.versions], [0, []]);
  });

  test(`${name}: a refused publish is counted once, and the next one is accepted`, async (t) => {
    const node = await startTestNode({ speaks, limits: { publishBytes: 1000 } });
    t.after(() => node.close());
    const client = connectClient(node, transport, { implementation, client: 1 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    client.publish(1, 'x'.repeat(2000));
    client.publish(2, 'short');
    await until(() => client.acknowledged.length === 1, 'the second is acknowledged');
    assert.deepEqual(client.acknowledged, [{ sequence: 2, version: 1 }]);
    assert.equal(client.tally.errors, 1);
  });
}

/** One short message from a client, masked with zeros, which leave it unchanged (RFC 6455, 5.2). */
function textFrame(payload: Uint8Array): Buffer {
  assert.ok(payload.length < 126);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

test('WebSocket: the server stops answering a publisher that does not read', async (t) => {
  const node = await startTestNode({ limits: { unsentBytes: 64 * 1024 } });
  t.after(() => node.close());
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/socket?channel=1&client=1`, [subprotocols.json]);
  t.after(() => socket.terminate());
  const connection = new Promise<Socket>((open) => socket.once('upgrade', (response) => open(response.socket)));
  await until(() => socket.readyState === WebSocket.OPEN, 'open');
  socket.pause();
  const repeat = codecs.json.encode({ version: 1, channel: 0, intendedUs: 2, payload: Buffer.from('"x"') });
  // Frames made once and sent many times: masking each would take longer than the server's work.
  const frames = Buffer.concat(Array<Buffer>(2000).fill(textFrame(repeat)));
  // Acknowledgements far beyond the capacity of kernel buffers.
  for (let i = 0; i < 500 && socket.bufferedAmount < 8e6; i++) {
    (await connection).write(frames);
    await pause(1);
  }
  await pause(300);
  const answered = node.context.publications.repeats;
  assert.ok(answered > 1000, `only ${answered} were answered`);
  await pause(300);
  assert.equal(node.context.publications.repeats, answered, 'the server has stopped reading');
  assert.ok(socket.bufferedAmount > 0, 'some were never sent');
});

for (const transport of ['short-polling', 'long-polling', 'sse'] as const) {
  test(`${transport}: the connection for publishing opens in advance, and the first publish uses it`, async (t) => {
    const node = await startTestNode();
    t.after(() => node.close());
    const client = connectClient(node, transport, { client: 1 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0 && client.openSockets() === 2, 'both are open');
    client.publish(1, 'first');
    await until(() => client.acknowledged.length === 1, 'acknowledged');
    assert.equal(node.socketTotals().openedSockets, 2);
    assert.equal(client.tally.reconnects, 0);
  });
}

test('a held long poll does not delay the publish of the same client', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  emit(node, 'the state');
  const client = connectClient(node, 'long-polling', { holdMs: 60_000 });
  t.after(client.close);
  await until(() => node.context.stream.subscribers(0) === 1, 'a request is held');
  client.publish(1, 'now', 1);
  await until(() => client.acknowledged.length === 1, 'acknowledged while the request is still held');
  assert.equal(node.context.stream.subscribers(0), 1);
  assert.equal(client.openSockets(), 2);
});

for (const transport of ['short-polling', 'long-polling', 'sse'] as const) {
  test(`${transport} over h2: one connection carries polls and publishes, even past a held poll`, async (t) => {
    const node = await startTestNode({ speaks: 'h2' });
    t.after(() => node.close());
    emit(node, 'the state');
    const clients = range(0, 4).map((client) => connectClient(node, transport, { client, holdMs: 60_000 }));
    for (const client of clients) t.after(client.close);
    const held = transport === 'short-polling' ? 0 : clients.length;
    await until(() => clients.every((client) => client.timesSubscribed() > 0), 'all are subscribed');
    await until(() => node.context.stream.subscribers(0) === held, 'streams and held polls are open');
    for (const client of clients) client.publish(1, 'now', 1);
    await until(() => clients.every(({ acknowledged }) => acknowledged.length === 1), 'all are acknowledged');
    assert.equal(node.context.stream.subscribers(0), held);
    assert.equal(node.socketTotals().openedSockets, clients.length);
    for (const { sockets, tally } of clients) assert.deepEqual([sockets().openedSockets, tally.reconnects], [1, 0]);
  });
}

test('a malformed publish is refused with the faulty field, and nothing is accepted', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const post = async (url: string, body: string) => {
    const response = await fetch(`http://127.0.0.1:${node.port}${url}`, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  };
  assert.match((await post('/updates', '[1,2,0,"x"]')).text, /^client: missing/);
  assert.match((await post(publishUrl(1), '[0,2,0,"x"]')).text, /^sequence: 0/);
  assert.match((await post(publishUrl(1), '[1,2,9,"x"]')).text, /^channel: 9/);
  for (const body of ['', '[', '{}', '[1,2,0]', '[1,-2,0,"x"]', '[1,2,0,"x"', '["1",2,0,"x"]']) {
    const { status, text } = await post(publishUrl(1), body);
    assert.equal(status, 400, body);
    assert.match(text, /^update: /);
  }
  assert.equal(node.context.stream.head(0), 0);
  const good = codecs.json.encode({ version: 1, channel: 0, intendedUs: 2, payload: Buffer.from('"x"') });
  const { status, text } = await post(publishUrl(1), Buffer.from(good).toString());
  assert.equal(status, 200);
  assert.deepEqual(decodeAcknowledgement(text), { sequence: 1, version: 1 });
});
