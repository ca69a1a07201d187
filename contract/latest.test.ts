import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCuttingProxy } from './cutting-proxy.ts';
import { connectClient, emit, emitBytes, pause, spokenTransports, startTestNode, until } from './harness.ts';

const big = Buffer.from(JSON.stringify('x'.repeat(64 * 1024)));

for (const { transport, speaks, implementation, name } of spokenTransports) {
  test(`${name}, latest: both sides count the same conflated updates`, async (t) => {
    const node = await startTestNode({ speaks, semantics: 'latest', limits: { unsentBytes: 128 * 1024 } });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, client: 7, port: proxy.port, pollIntervalMs: 20 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    // Streams conflate only for slow readers, so the path is stalled repeatedly.
    for (let round = 0; round < 2; round++) {
      proxy.stall();
      for (let i = 0; i < 300; i++) {
        emitBytes(node, big);
        if (i % 10 === 0) await pause(1);
      }
      proxy.flow();
      await until(() => client.versions.at(-1) === (round + 1) * 300, 'the newest is there');
    }
    const { received, missing, duplicated, outOfOrder } = client.ledger();
    const conflated = node.context.conflation.totals().get(7) ?? 0;
    assert.ok(missing > 0, 'some updates were conflated');
    assert.equal(conflated, missing);
    assert.deepEqual(
      { received: received + conflated, duplicated, outOfOrder },
      { received: 600, duplicated: 0, outOfOrder: 0 },
    );
  });

  test(`${name}, latest: the counts stay equal when connections are cut`, async (t) => {
    const node = await startTestNode({ speaks, semantics: 'latest', limits: { unsentBytes: 64 * 1024 } });
    t.after(() => node.close());
    const proxy = await startCuttingProxy(node.port);
    t.after(proxy.close);
    const client = connectClient(node, transport, { implementation, client: 3, port: proxy.port, pollIntervalMs: 15 });
    t.after(client.close);
    await until(() => client.timesSubscribed() > 0, 'subscribed');
    emit(node, 'the first');
    await until(() => client.versions.length === 1, 'the first is there');
    for (let round = 0; round < 3; round++) {
      proxy.stall();
      for (let i = 0; i < 40; i++) {
        emitBytes(node, big);
        await pause(0);
      }
      await pause(5);
      proxy.cut();
      proxy.flow();
      await until(() => client.versions.at(-1) === node.context.stream.head(0), 'the newest is there');
    }
    const { received, missing, duplicated, outOfOrder } = client.ledger();
    const conflated = node.context.conflation.totals().get(3) ?? 0;
    assert.ok(client.tally.reconnects > 0);
    assert.equal(conflated, missing);
    assert.deepEqual({ sum: received + conflated, duplicated, outOfOrder }, { sum: 121, duplicated: 0, outOfOrder: 0 });
  });

  test(`${name}, latest: an old after gets only the newest`, async (t) => {
    const node = await startTestNode({ speaks, semantics: 'latest' });
    t.after(() => node.close());
    for (let i = 1; i <= 50; i++) emit(node, i);
    const client = connectClient(node, transport, { implementation, client: 1, after: 10 });
    t.after(client.close);
    await until(() => client.versions.length > 0, 'the newest is there');
    assert.deepEqual(client.versions, [50]);
    assert.equal(node.context.conflation.totals().get(1), 39);
    assert.equal(client.ledger().missing, 39);
  });
}
