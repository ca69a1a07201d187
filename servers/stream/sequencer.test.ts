import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSequencer } from './sequencer.ts';

function sequencer(memory?: Parameters<typeof createSequencer>[1]) {
  let version = 0;
  const sequence = createSequencer(() => ++version, memory);
  return (publisher: number, number: number) => {
    const verdicts: unknown[] = [];
    const publish = { channel: 0, intendedUs: 0, payload: Buffer.alloc(0), publisher, sequence: number };
    sequence(publish, (verdict) => verdicts.push(verdict));
    assert.equal(verdicts.length, 1);
    return verdicts[0];
  };
}

test('a publish gets the next version, a repeat the one first given', () => {
  const publish = sequencer();
  assert.deepEqual(publish(7, 1), { version: 1, repeated: false });
  assert.deepEqual(publish(7, 2), { version: 2, repeated: false });
  assert.deepEqual(publish(7, 1), { version: 1, repeated: true });
  assert.deepEqual(publish(8, 1), { version: 3, repeated: false });
});

test('a client’s lowest sequences are forgotten half at a time, and refused from then on', () => {
  const publish = sequencer({ ofClient: 2, inAll: 100, clients: 100 });
  for (const number of [1, 2, 3]) publish(7, number);
  assert.deepEqual(publish(7, 1), { version: 1, repeated: true });
  publish(7, 4);
  assert.deepEqual(publish(7, 3), { version: 3, repeated: true });
  assert.deepEqual(publish(7, 2), { refused: 'sequence: 2 is too old, those up to 2 are forgotten' });
});

test('a number far ahead does not shut out those that follow', () => {
  const publish = sequencer({ ofClient: 4, inAll: 100, clients: 100 });
  publish(7, 999_999_999_999_999);
  for (let number = 1; number <= 1_000; number++) {
    assert.deepEqual(publish(7, number), { version: number + 1, repeated: false });
  }
});

test('beyond what is remembered in all, each client keeps its share, and no repeat is accepted twice', () => {
  const publish = sequencer({ ofClient: 100, inAll: 40, clients: 100 });
  for (let number = 1; number <= 4; number++) for (let client = 0; client < 10; client++) publish(client, number);
  // The 41st: two are left of each of eleven clients at most.
  publish(10, 1);
  assert.deepEqual(publish(0, 4), { version: 31, repeated: true });
  assert.match(JSON.stringify(publish(0, 1)), /too old/);
  assert.deepEqual(publish(0, 5), { version: 42, repeated: false });
});

test('beyond the clients that are remembered, the one that was silent for longest is forgotten', () => {
  const publish = sequencer({ ofClient: 10, inAll: 100, clients: 3 });
  for (const client of [1, 2, 3]) publish(client, 1);
  publish(1, 1);
  publish(4, 1);
  assert.deepEqual(publish(1, 1), { version: 1, repeated: true });
  assert.deepEqual(publish(3, 1), { version: 3, repeated: true });
  assert.deepEqual(publish(2, 1), { version: 5, repeated: false });
});
