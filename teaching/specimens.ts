import { once } from 'node:events';
import { WebSocket } from 'ws';
import {
  type ClientSettings,
  connectClient,
  type NodeSettings,
  startTestNode,
  type TestClient,
  until,
} from '../contract/harness.ts';
import { codecs } from '../protocol/codec.ts';
import { subprotocols } from '../protocol/socket-messages.ts';
import type { Transport } from '../protocol/transport.ts';
import type { StateNode } from '../servers/main/node.ts';
import { steadyFrames, steadyText } from './steady.ts';
import { type Exchange, openTap, type Tap } from './tap.ts';

/** One exchange of each kind that the text shows, as real clients and servers have it. */
export const specimenNames = [
  'poll-empty',
  'poll-news',
  'hold-news',
  'sse-open',
  'sse-event',
  'sse-binary',
  'sse-comment',
  'socket-open',
  'socket-event',
  'socket-binary',
  'socket-ping',
  'socket-close',
  'publish-post',
  'publish-socket',
] as const;

export type SpecimenName = (typeof specimenNames)[number];

export type Specimens = Readonly<Record<SpecimenName, Exchange>>;

export const samplePayload = { from: 'Ada', text: 'Who brings the cake?' };
const sampleBytes = Buffer.from(JSON.stringify(samplePayload));

/** Fixed, so that the bytes of an update are the same each time; ten digits, as in a trial. */
const intendedUs = 1_005_000_000;
/** How many updates there are before the one that is shown. */
const earlier = 6;

/** Captures all of them over loopback, in less than a second. */
export async function captureSpecimens(): Promise<Specimens> {
  const [polling, sse, socket, sseBinary, socketBinary, silence, post, message, closing] = await Promise.all([
    capturePolling(),
    captureStream('sse'),
    captureStream('websocket'),
    captureStream('sse', 'binary'),
    captureStream('websocket', 'binary'),
    captureSilence(),
    capturePublish('short-polling'),
    capturePublish('websocket'),
    captureClose(),
  ]);
  return {
    ...polling,
    ...silence,
    'sse-open': steadyText(sse.open),
    'sse-event': sse.event,
    'sse-binary': sseBinary.event,
    'socket-open': steadyText(socket.open),
    'socket-event': socket.event,
    'socket-binary': socketBinary.event,
    'socket-close': steadyFrames(closing),
    'publish-post': steadyText(post),
    'publish-socket': steadyFrames(message),
  };
}

type Stage = { readonly node: StateNode; readonly tap: Tap; readonly client: TestClient };

/** A node with some updates, a client that has them all, and a tap between the two. */
async function onStage<T>(
  transport: Transport,
  settings: NodeSettings & Pick<ClientSettings, 'holdMs'>,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { holdMs, ...ofNode } = settings;
  const node = await startTestNode({ echo: false, ...ofNode });
  const tap = await openTap(node.port);
  for (let i = 0; i < earlier; i++) accept(node);
  const ofClient = { pollIntervalMs: 0, after: earlier, port: tap.port, ...(holdMs !== undefined && { holdMs }) };
  const client = connectClient(node, transport, ofClient);
  try {
    await until(() => client.timesSubscribed() === 1, 'the client is subscribed');
    return await play({ node, tap, client });
  } finally {
    client.close();
    await tap.close();
    await node.close();
  }
}

function accept(node: StateNode): void {
  node.context.stream.accept({ channel: 0, intendedUs, payload: sampleBytes, publisher: -1 });
}

async function arrived({ client }: Stage): Promise<void> {
  await until(() => client.versions.at(-1) === earlier + 1, 'the update is there');
}

async function capturePolling(): Promise<Pick<Specimens, 'poll-empty' | 'poll-news' | 'hold-news'>> {
  const [empty, news] = await onStage('short-polling', {}, async (stage) => {
    const nothing = stage.tap.take();
    accept(stage.node);
    stage.client.transport.poll?.(false);
    await arrived(stage);
    return [nothing, stage.tap.take()];
  });
  const held = await onStage('long-polling', {}, async (stage) => {
    // What came before is the first question, which is not held.
    await until(() => stage.tap.seen().up.includes('wait='), 'a request is held');
    const whole = stage.tap.take();
    const question = whole.up.subarray(whole.up.lastIndexOf('GET '));
    accept(stage.node);
    await arrived(stage);
    return { up: question, down: stage.tap.take().down };
  });
  return { 'poll-empty': steadyText(empty!), 'poll-news': steadyText(news!), 'hold-news': steadyText(held) };
}

function captureStream(
  transport: 'sse' | 'websocket',
  encoding: NodeSettings['encoding'] = 'json',
): Promise<{ readonly open: Exchange; readonly event: Exchange }> {
  return onStage(transport, { encoding }, async (stage) => {
    const open = stage.tap.take();
    accept(stage.node);
    await arrived(stage);
    return { open, event: stage.tap.take() };
  });
}

/** Bytes on an idle connection. The interval is short, since only the bytes matter. */
async function captureSilence(): Promise<Pick<Specimens, 'sse-comment' | 'socket-ping'>> {
  const heartbeatMs = 50;
  const comment = await onStage('sse', { heartbeatMs }, async ({ tap }) => {
    const { down } = tap.take();
    // It may have come together with the head of the answer.
    if (down.includes('\n:\n')) return down;
    await until(() => tap.seen().down.length > 0, 'a comment is there');
    return tap.seen().down;
  });
  const ping = await onStage('websocket', { heartbeatMs }, async ({ tap }) => {
    await until(() => afterHead(tap.seen().up).length >= pongBytes, 'a ping is answered');
    const { up, down } = tap.seen();
    return {
      up: afterHead(up).subarray(0, pongBytes),
      down: afterHead(down).subarray(0, pingBytes),
    };
  });
  const chunk = '3\r\n:\n\n\r\n';
  const at = comment.indexOf(chunk);
  if (at < 0) throw new Error('no SSE comment came by');
  return {
    'sse-comment': { up: Buffer.alloc(0), down: comment.subarray(at, at + chunk.length) },
    'socket-ping': steadyFrames(ping),
  };
}

/** Two bytes of head, and the client's mask of four; neither has a payload. */
const pingBytes = 2;
const pongBytes = 6;

function afterHead(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n\r\n');
  return bytes.subarray(end < 0 ? bytes.length : end + 4);
}

function capturePublish(transport: Transport): Promise<Exchange> {
  return onStage(transport, {}, async ({ tap, client }) => {
    tap.take();
    const update = { version: 1, channel: 0, intendedUs, payload: sampleBytes };
    client.transport.publish(1, codecs.json.encode(update));
    await until(() => client.acknowledged.length === 1, 'the publish is acknowledged');
    return tap.take();
  });
}

async function captureClose(): Promise<Exchange> {
  const node = await startTestNode();
  const tap = await openTap(node.port);
  const socket = new WebSocket(`ws://127.0.0.1:${tap.port}/socket?channel=0`, subprotocols.json, {
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  tap.take();
  socket.close(1000);
  await once(socket, 'close');
  const exchange = tap.take();
  await tap.close();
  await node.close();
  return exchange;
}
