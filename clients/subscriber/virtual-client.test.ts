import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { codecs, MalformedUpdate } from '../../protocol/codec.ts';
import { Receipts } from './receipts.ts';
import { createVirtualClient, type Desk, type VirtualClient } from './virtual-client.ts';

const codec = codecs.binary;

function silentClient(echo: boolean, given: Partial<Desk> = {}): VirtualClient {
  const desk: Desk = {
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
    ...given,
  };
  return createVirtualClient(desk, 1, 0);
}

const outside = Buffer.from('[9,9,0,"y"]');

/** Hands over an update that lies among other bytes. */
function receive({ subscriber }: VirtualClient, bytes: Uint8Array): void {
  const chunk = Buffer.concat([outside, bytes, outside]);
  subscriber.update(chunk, outside.length, outside.length + bytes.length);
}

const update = (version: number) => codec.encode({ version, channel: 0, intendedUs: 1, payload: Buffer.alloc(4) });

test('acknowledged inputs into another channel do not affect the ledger of the client’s own', () => {
  const client = silentClient(false);
  receive(client, update(1));
  const sequence = client.nextSequence(7);
  client.subscriber.acknowledged({ sequence, version: 2 });
  receive(client, update(2));
  receive(client, update(3));
  const { received, missing, duplicated, outOfOrder } = client.ledger();
  assert.deepEqual(
    { received, missing, duplicated, outOfOrder },
    { received: 3, missing: 0, duplicated: 0, outOfOrder: 0 },
  );
});

test('an acknowledged update without echo counts as own; with echo it does not', () => {
  for (const echo of [false, true]) {
    const client = silentClient(echo);
    receive(client, update(1));
    client.subscriber.acknowledged({ sequence: client.nextSequence(0), version: 2 });
    assert.equal(client.newest(), echo ? 1 : 2);
  }
});

test('a delivery is received with the poll that brought it, from when the client would have asked', () => {
  let nowUs = 0;
  const receipts = new Receipts();
  const client = silentClient(true, { receipts, clock: { epoch: newEpoch(), nowUs: () => nowUs } });
  const receiveAt = (version: number, atUs: number) => {
    nowUs = atUs;
    receive(client, update(version));
  };
  const poll = (intendedUs: number, atUs: number, left: boolean) => {
    nowUs = atUs;
    client.polled(intendedUs, left);
  };
  receiveAt(1, 50);
  poll(100, 103, true);
  receiveAt(2, 150);
  poll(200, 204, true);
  // Unanswered at 300 and 400, so the poll of 500 asks for what those were to ask for.
  poll(300, 300, false);
  poll(400, 400, false);
  receiveAt(3, 450);
  poll(500, 505, true);
  receiveAt(4, 550);
  poll(600, 600, true);
  receiveAt(5, 650);
  // A window begins: its first poll asks for nothing that an earlier one was to ask for.
  poll(700, 700, false);
  client.begin();
  receiveAt(6, 750);
  poll(800, 800, true);
  receiveAt(7, 850);
  const polls: unknown[] = [];
  receipts.forEach((_, __, ___, of) => void polls.push(of && [of.dueUs, of.lateUs]));
  assert.deepEqual(polls, [undefined, [100, 3], [200, 4], [300, 5], [600, 0], undefined, [800, 0]]);
});

test('what is no whole update of its channel is neither received nor counted', () => {
  const tally = { deliveries: 0, updateBytes: 0, savedUpdateBytes: 0, acknowledgedPublishes: 0 };
  const client = silentClient(true, { codec: codecs.json, tally });
  // The second is what two halves of a stream make, joined together.
  for (const text of ['hello', '[5,12id: 6', '[0,1,0,"x"]', '[4294967296,1,0,"x"]', '[1,1,3,"x"]', '[1,1,0,"x"']) {
    assert.throws(() => receive(client, Buffer.from(text)), MalformedUpdate, text);
  }
  assert.equal(tally.deliveries, 0);
  receive(client, Buffer.from('[1,1,0,"x"]'));
  assert.deepEqual([tally.deliveries, client.ledger().received, client.subscriber.receivedBytes()], [1, 1, 11]);
});
