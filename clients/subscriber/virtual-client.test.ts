import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { codecs } from '../../protocol/codec.ts';
import { Receipts } from './receipts.ts';
import { createVirtualClient, type VirtualClient } from './virtual-client.ts';

const codec = codecs.binary;

function silentClient(echo: boolean): VirtualClient {
  const desk = {
    clock: clockSince(newEpoch()),
    codec,
    semantics: 'latest',
    echo,
    delivery: createRecorder(),
    receipts: new Receipts(),
    tally: { deliveries: 0, updateBytes: 0, savedUpdateBytes: 0, acknowledgedPublishes: 0 },
    advanced: () => {},
    subscribed: () => {},
    lost: () => {},
  } as const;
  return createVirtualClient(desk, 1, 0);
}

const update = (version: number) => codec.encode({ version, channel: 0, intendedUs: 1, payload: Buffer.alloc(4) });

test('acknowledged inputs into another channel do not affect the ledger of the client’s own', () => {
  const client = silentClient(false);
  client.subscriber.update(update(1));
  const sequence = client.nextSequence(7);
  client.subscriber.acknowledged({ sequence, version: 2 });
  client.subscriber.update(update(2));
  client.subscriber.update(update(3));
  const { received, missing, duplicated, outOfOrder } = client.ledger();
  assert.deepEqual(
    { received, missing, duplicated, outOfOrder },
    { received: 3, missing: 0, duplicated: 0, outOfOrder: 0 },
  );
});

test('an acknowledged update without echo counts as own; with echo it does not', () => {
  for (const echo of [false, true]) {
    const client = silentClient(echo);
    client.subscriber.update(update(1));
    client.subscriber.acknowledged({ sequence: client.nextSequence(0), version: 2 });
    assert.equal(client.newest(), echo ? 1 : 2);
  }
});
