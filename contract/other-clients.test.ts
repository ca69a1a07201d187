import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSource, WebSocket } from 'undici';
import { codecs } from '../protocol/codec.ts';
import { readFrames } from '../protocol/framing.ts';
import { emit, range, startTestNode, until } from './harness.ts';

// Clients of other projects read the stream, as it follows the standards. undici calls EventSource experimental.
process.removeAllListeners('warning');

async function framesOf(response: Response): Promise<readonly Buffer[]> {
  const body = Buffer.from(await response.arrayBuffer());
  const frames: Buffer[] = [];
  readFrames(body, 0, body.length, (_, start, end) => frames.push(body.subarray(start, end)));
  return frames;
}

test('undici’s EventSource, its WebSocket and plain fetch get the same bytes', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const events: string[] = [];
  const messages: string[] = [];
  const source = new EventSource(`http://127.0.0.1:${node.port}/events?channel=0`);
  t.after(() => source.close());
  source.onmessage = ({ data }) => events.push(data);
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/socket?channel=0`, 'pvw.json');
  t.after(() => socket.close());
  socket.onmessage = ({ data }) => messages.push(data);
  await until(() => source.readyState === 1 && socket.readyState === 1, 'both are open');
  for (let i = 1; i <= 50; i++) emit(node, { i, text: `grüße ${i}` });
  await until(() => events.length === 50 && messages.length === 50, 'both have all');

  const response = await fetch(`http://127.0.0.1:${node.port}/updates?channel=0&after=0`);
  const polled = (await framesOf(response)).map((update) => update.toString('utf8'));
  assert.deepEqual(events, messages);
  assert.deepEqual(polled, messages);
  assert.deepEqual(
    messages.map((message) => JSON.parse(message)[0]),
    range(1, 50),
  );
});

test('undici’s EventSource reconnects by itself and misses nothing', async (t) => {
  const node = await startTestNode();
  t.after(() => node.close());
  const events: number[] = [];
  const source = new EventSource(`http://127.0.0.1:${node.port}/events?channel=0`);
  t.after(() => source.close());
  source.onmessage = ({ lastEventId }) => events.push(Number(lastEventId));
  await until(() => source.readyState === 1, 'open');
  for (let i = 1; i <= 5; i++) emit(node, i);
  await until(() => events.length === 5, 'the first five are there');
  node.dropConnections();
  for (let i = 6; i <= 10; i++) emit(node, i);
  await until(() => events.length >= 10, 'the rest is there');
  assert.deepEqual(events, range(1, 10));
});

test('undici’s EventSource starts over with the newest state after gone', async (t) => {
  const node = await startTestNode({ limits: { retainedUpdates: 5 } });
  t.after(() => node.close());
  const events: number[] = [];
  const source = new EventSource(`http://127.0.0.1:${node.port}/events?channel=0`);
  t.after(() => source.close());
  source.onmessage = ({ data }) => events.push(JSON.parse(data)[0]);
  await until(() => source.readyState === 1, 'open');
  emit(node, 1);
  await until(() => events.length === 1, 'the first event is there');
  node.dropConnections();
  for (let i = 2; i <= 50; i++) emit(node, i);
  await until(() => events.at(-1) === 50, 'it is up to date');
  assert.deepEqual(events, [1, 50]);
});

test('binary: a WebSocket message and a polled frame hold the same bytes', async (t) => {
  const node = await startTestNode({ encoding: 'binary' });
  t.after(() => node.close());
  const messages: Buffer[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/socket?channel=0`, 'pvw.binary');
  socket.binaryType = 'arraybuffer';
  t.after(() => socket.close());
  socket.onmessage = ({ data }) => messages.push(Buffer.from(data as ArrayBuffer));
  await until(() => socket.readyState === 1, 'open');
  emit(node, 'payload');
  await until(() => messages.length === 1, 'it is there');
  const response = await fetch(`http://127.0.0.1:${node.port}/updates?channel=0`);
  const frames = await framesOf(response);
  assert.deepEqual(frames, messages);
  assert.equal(Buffer.from(codecs.binary.decode(frames[0]!).payload).toString(), '"payload"');
});
