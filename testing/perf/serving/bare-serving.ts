import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { codecs } from '../../../protocol/codec.ts';
import { frame } from '../../../protocol/framing.ts';
import { keepAliveMs } from '../../../protocol/limits.ts';
import { subprotocols } from '../../../protocol/socket-messages.ts';
import { bufferView } from '../../../servers/stream/buffer-view.ts';
import type { Serve } from './serving.ts';

/** Updates that a short poll can look back on. */
const kept = 8;

/** One channel: its newest updates, and who waits for the next one. */
type Channel = {
  version: number;
  /** The newest last, as they stand in an answer. */
  readonly recent: Buffer[];
  readonly sockets: WebSocket[];
  held: HeldPoll[];
};

/** `end`: the end of the hold. */
type HeldPoll = { readonly response: ServerResponse; readonly end: NodeJS.Timeout };

/** ws and node:http as they come, with the same answers and messages as our node, byte for byte, and nothing else. */
export const serveBare: Serve = async ({ channels }) => {
  const all = Array.from({ length: channels }, (): Channel => ({ version: 0, recent: [], sockets: [], held: [] }));
  const of = (request: IncomingMessage) => all[field(request.url!, channelField) ?? 0]!;
  const server = createServer({ noDelay: true, keepAliveTimeout: keepAliveMs }, (request, response) =>
    answerPoll(of(request), request.url!, response),
  );
  const sockets = new WebSocketServer({
    server,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: () => subprotocols.json,
  });
  sockets.on('connection', (webSocket, request) => {
    webSocket.on('error', () => {});
    of(request).sockets.push(webSocket);
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    update: (index, intendedUs, payload) => {
      const channel = all[index]!;
      const version = ++channel.version;
      // Not a plain Uint8Array, which ws would wrap for each message.
      const encoded = bufferView(codecs.json.encode({ version, channel: index, intendedUs, payload }));
      const framed = bufferView(frame(encoded));
      channel.recent.push(framed);
      if (channel.recent.length > kept) channel.recent.shift();
      for (const webSocket of channel.sockets) webSocket.send(encoded, { binary: false });
      const { held } = channel;
      channel.held = [];
      for (const { response, end } of held) {
        clearTimeout(end);
        answer(response, framed);
      }
    },
  };
};

const channelField = /[?&]channel=(\d+)/;
const afterField = /[?&]after=(\d+)/;
const waitField = /[?&]wait=(\d+)/;

function field(url: string, pattern: RegExp): number | undefined {
  const text = pattern.exec(url)?.[1];
  return text === undefined ? undefined : Number(text);
}

function answerPoll(channel: Channel, url: string, response: ServerResponse): void {
  const after = field(url, afterField);
  const missing = after === undefined ? 1 : Math.min(channel.version - after, kept);
  const updates = missing > 0 ? channel.recent.slice(-missing) : [];
  if (updates.length > 0) answer(response, updates.length === 1 ? updates[0]! : Buffer.concat(updates));
  else hold(channel, field(url, waitField) ?? 0, response);
}

function hold(channel: Channel, waitMs: number, response: ServerResponse): void {
  if (waitMs === 0) {
    answerNothing(response);
    return;
  }
  const end = setTimeout(() => {
    channel.held = channel.held.filter((poll) => poll.response !== response);
    answerNothing(response);
  }, waitMs);
  channel.held.push({ response, end });
}

function answerNothing(response: ServerResponse): void {
  response.writeHead(204, { 'Cache-Control': 'no-store' }).end();
}

function answer(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, {
    'Content-Type': codecs.json.contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
