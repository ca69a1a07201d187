import { WebSocket } from 'ws';
import { socketPath, subscriptionUrl } from '../protocol/routes.ts';
import { closeCodes, decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { createBackoff } from './backoff.ts';
import { createDialler } from './http/dial.ts';
import { requestHeaders } from './http/headers.ts';
import { watchDeflate } from './http/socket-deflate.ts';
import {
  type ClientContext,
  countError,
  known,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

const handshakeTimeoutMs = 30_000;
const braceOpen = 0x7b;
/** A publish was malformed, or larger than the server takes (RFC 6455, 7.4.1). */
const refusals: ReadonlySet<number> = new Set([closeCodes.badRequest, 1009]);

/** One socket for both directions; publishes that were not acknowledged are sent again after a reconnect. */
export function openWebSocket(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, host, port, route, exchange } = context;
  const { dial } = createDialler(context, 'http/1.1');
  const binary = codec.encoding === 'binary';
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const unacknowledged = new Map<number, Buffer>();
  // What is sent again is framing, as it is without compression.
  const counted = new WeakSet<Buffer>();
  let takeWire: () => Buffer | undefined = () => undefined;
  let webSocket: WebSocket | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let stood = false;

  const onMessage = (data: Buffer, isBinary: boolean) => {
    backoff.reset();
    const wire = takeWire();
    if (isBinary || (!binary && data[0] !== braceOpen)) {
      subscriber.update(data);
      if (wire) subscriber.compressed([wire], data.length);
      exchange.note(client, 'update', subscriber.after() ?? null);
      return;
    }
    const acknowledgement = decodeAcknowledgement(data.toString('latin1'));
    if (!acknowledgement) {
      countError(tally, `unknown message ${data.toString('utf8', 0, 200)}`);
    } else if (unacknowledged.delete(acknowledgement.sequence)) {
      subscriber.acknowledged(acknowledgement);
    }
  };
  const onSent = (message: Buffer, wire: Buffer) => {
    if (counted.has(message)) return;
    counted.add(message);
    tally.savedPublishBytes += message.length - wire.length;
  };
  const onOpen = () => {
    takeWire = watchDeflate(webSocket!, onSent);
    stood = true;
    subscriber.subscribed();
    for (const bytes of unacknowledged.values()) send(bytes);
  };
  const onClose = (code: number, reason: Buffer) => {
    if (closed) return;
    subscriber.lost();
    if (code === closeCodes.gone) subscriber.gone();
    // It stood and brought nothing: the channel had no state, so nothing from version 1 on may be missed.
    else if (stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    stood = false;
    if (refusals.has(code)) dropRefused(`closed ${code} ${reason.toString('utf8')}`);
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  // Sending the same bytes again would not help, so the ledger has to show it.
  const dropRefused = (text: string) => {
    countError(tally, text);
    const [oldest] = unacknowledged.keys();
    if (oldest !== undefined) unacknowledged.delete(oldest);
  };
  const open = () => {
    tally.requests++;
    const path = subscriptionUrl(socketPath, { channel, client, ...known(subscriber) });
    webSocket = new WebSocket(`${route.tls ? 'wss' : 'ws'}://${host}:${port}${path}`, [subprotocols[codec.encoding]], {
      // Chrome offers it always; the server accepts it where its path has compression.
      perMessageDeflate: route.compression !== null || route.headers === 'browser',
      // ws keeps the order of what stands here already.
      headers: Object.fromEntries(requestHeaders(context, 'socket')),
      handshakeTimeout: handshakeTimeoutMs,
      // Given the socket when it stands (Node.js, `http.request`), which the types of ws do not say.
      createConnection: (_options: unknown, done: Parameters<typeof dial>[0]) => dial(done),
    } as unknown as WebSocket.ClientOptions);
    webSocket.on('open', onOpen);
    webSocket.on('message', onMessage as (data: WebSocket.RawData, isBinary: boolean) => void);
    webSocket.on('close', onClose);
    // 'close' follows every error and does the work; an answer that is no upgrade is told.
    webSocket.on('error', ({ message }) => {
      const status = /^Unexpected server response: (\d+)$/.exec(message)?.[1];
      if (status !== undefined) countError(tally, `the WebSocket handshake was answered with ${status}`);
    });
  };
  const send = (bytes: Buffer) => {
    tally.requests++;
    webSocket?.send(bytes, { binary });
  };

  return {
    connect: open,
    publish: (sequence, bytes) => {
      unacknowledged.set(sequence, bytes);
      if (webSocket?.readyState === WebSocket.OPEN) send(bytes);
    },
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      webSocket?.terminate();
    },
  };
}
