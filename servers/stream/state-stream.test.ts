import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codecs } from '../../protocol/codec.ts';
import { StateStream, type StreamOptions, type Subscriber } from './state-stream.ts';

const unbounded = { retainedUpdates: 1e9, retainedBytes: 1e12 };
function streamOf(options: Partial<StreamOptions> = {}): StateStream {
  return new StateStream({
    channels: 1,
    codec: codecs.binary,
    retention: unbounded,
    clock: { nowUs: () => 7 },
    ...options,
  });
}

const arrival = (channel = 0, bytes = 10) => ({
  channel,
  intendedUs: 5,
  payload: Buffer.alloc(bytes),
  publisher: -1,
});
const versions = (stream: StateStream, after: number) => {
  const updates = stream.after(0, after);
  return updates === 'gone' ? 'gone' : updates.map(({ version }) => version);
};

test('versions count 1, 2, 3 … separately for each channel', () => {
  const stream = streamOf({ channels: 2 });
  assert.deepEqual(
    [0, 0, 1, 0].map((channel) => stream.accept(arrival(channel)).version),
    [1, 2, 1, 3],
  );
  assert.deepEqual([stream.head(0), stream.head(1)], [3, 1]);
});

test('a broadcast takes the next version of every channel that has readers', () => {
  const accepted: number[][] = [];
  const stream = streamOf({
    channels: 4,
    readChannels: 3,
    onAccepted: ({ channel, version, publisher }) => accepted.push([channel, version, publisher]),
  });
  stream.accept(arrival(1));
  const seen: number[] = [];
  for (const channel of [0, 1, 2, 3])
    stream.subscribe(channel, { follow: ({ version }) => seen.push(channel, version) });
  stream.acceptBroadcast({ ...arrival(), publisher: -2 });
  assert.deepEqual(seen, [0, 1, 1, 2, 2, 1]);
  assert.deepEqual(accepted.slice(1), [
    [0, 1, -2],
    [1, 2, -2],
    [2, 1, -2],
  ]);
});

test('an update knows when it was accepted', () => {
  assert.equal(streamOf().accept(arrival()).acceptedUs, 7);
});

test('an update is encoded once for all readers', () => {
  const stream = streamOf();
  const seen: Buffer[] = [];
  stream.subscribe(0, { follow: ({ encoded }) => seen.push(encoded) });
  stream.subscribe(0, { follow: ({ encoded }) => seen.push(encoded) });
  const { encoded, framed } = stream.accept(arrival());
  assert.ok(seen.every((bytes) => bytes === encoded));
  const again = stream.after(0, 0);
  assert.ok(again !== 'gone' && again[0]?.encoded === encoded && again[0].framed === framed);
});

test('retains a copy: the payload may change afterwards', () => {
  const stream = streamOf();
  const payload = Buffer.from('before');
  const update = stream.accept({ ...arrival(), payload });
  payload.write('after!');
  assert.equal(Buffer.from(codecs.binary.decode(update.encoded).payload).toString(), 'before');
});

test('the ring keeps the newest updates within count and bytes, and always the newest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 3000 }),
      (sizes, retainedUpdates, retainedBytes) => {
        const stream = streamOf({ retention: { retainedUpdates, retainedBytes } });
        const encodedSizes = sizes.map((size) => stream.accept(arrival(0, size)).encoded.length);
        let oldest = sizes.length;
        let bytes = encodedSizes.at(-1)!;
        while (
          oldest > 1 &&
          sizes.length - oldest + 1 < retainedUpdates &&
          bytes + encodedSizes[oldest - 2]! <= retainedBytes
        ) {
          oldest--;
          bytes += encodedSizes[oldest - 1]!;
        }
        const expected = Array.from({ length: sizes.length - oldest + 1 }, (_, i) => oldest + i);
        assert.deepEqual(versions(stream, oldest - 1), expected);
        if (oldest > 1) assert.equal(versions(stream, oldest - 2), 'gone');
        assert.equal(stream.newest(0)?.version, sizes.length);
        assert.equal(stream.at(0, sizes.length + 1), undefined);
        assert.equal(stream.at(0, oldest - 1), undefined);
      },
    ),
  );
});

test('a version that was never given is gone', () => {
  const stream = streamOf();
  assert.deepEqual(versions(stream, 0), []);
  assert.equal(versions(stream, 1), 'gone');
});

test('subscribers may leave and join during a delivery', () => {
  const stream = streamOf();
  const seen: string[] = [];
  const subscribers: Subscriber[] = ['a', 'b', 'c'].map((name) => ({
    follow: () => {
      seen.push(name);
      if (name === 'a') for (const each of subscribers) stream.unsubscribe(0, each);
    },
  }));
  for (const each of subscribers) stream.subscribe(0, each);
  stream.accept(arrival());
  assert.deepEqual(seen, ['a']);
  assert.equal(stream.subscribers(0), 0);
});

test('an unknown channel is an error that names the existing ones', () => {
  const stream = streamOf({ channels: 2 });
  assert.throws(() => stream.head(2), /channel 2 is unknown, 0 to 1 exist/);
});
