import { WebSocket } from 'ws';
import { socketPath, subscriptionUrl } from '../protocol/routes.ts';
import { closeCodes, decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { reasonOf } from '../text/reason.ts';
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
/** Far more than an update. */
const mostMessageBytes = 16 * 1024 * 1024;
const braceOpen = 0x7b;
/** Close codes for a malformed or oversized publish (RFC 6455, 7.4.1). */
const refusals: ReadonlySet<number> = new Set([closeCodes.badRequest, 1009]);

/** What a server did against HTTP or RFC 6455; undefined for a connection that was lost, and for a close of ours. */
function protocolFault({ message, code = '' }: NodeJS.ErrnoException): string | undefined {
  const status = /^Unexpected server response: (\d+)$/.exec(message)?.[1];
  if (status !== undefined) return `the WebSocket handshake was answered with ${status}`;
  const isWrong = /^(WS_ERR|HPE)_/.test(code) || /^(Invalid|Server (sent|indicated)) /.test(message);
  return isWrong ? `WebSocket: ${message}` : undefined;
}

/** One socket for both directions. Unacknowledged publishes are resent after a reconnect. */
export function openWebSocket(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, host, port, route, exchange } = context;
  const { dial } = createDialler(context, 'http/1.1');
  const binary = codec.encoding === 'binary';
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const unacknowledged = new Map<number, Buffer>();
  // Publishes already counted: a resent one counts as framing, as it does without compression.
  const counted = new WeakSet<Buffer>();
  let takeWire: () => Buffer | undefined = () => undefined;
  let webSocket: WebSocket | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let stood = false;

  const onMessage = (data: Buffer, isBinary: boolean) => {
    try {
      receive(data, isBinary);
      backoff.reset();
    } catch (error) {
      countError(tally, `unreadable message: ${reasonOf(error)}`);
      // Others have arrived with it.
      webSocket?.removeAllListeners('message');
      webSocket?.terminate();
    }
  };
  const receive = (data: Buffer, isBinary: boolean) => {
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
      exchange.noteAcknowledgement(client, acknowledgement.sequence);
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
    // The socket was open without updates: the channel had no state, so the client may miss nothing from version 1 on.
    else if (stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    stood = false;
    if (refusals.has(code)) dropRefused(`closed ${code} ${reason.toString('utf8')}`);
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  // Refused: resending would not help. The ledger shows the loss.
  const dropRefused = (text: string) => {
    countError(tally, text);
    const [oldest] = unacknowledged.keys();
    if (oldest !== undefined) unacknowledged.delete(oldest);
  };
  const open = () => {
    tally.requests++;
    const path = subscriptionUrl(socketPath, { channel, client, ...known(subscriber) });
    webSocket = new WebSocket(`${route.tls ? 'wss' : 'ws'}://${host}:${port}${path}`, [subprotocols[codec.encoding]], {
      // Chrome always offers it; the server accepts it if the path has compression.
      perMessageDeflate: route.compression !== null || route.headers === 'browser',
      // ws keeps the order of headers given here.
      headers: Object.fromEntries(requestHeaders(context, 'socket')),
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: mostMessageBytes,
      // `http.request` accepts a callback that gets the connected socket; the types of ws do not include it.
      createConnection: (_options: unknown, done: Parameters<typeof dial>[0]) => dial(done),
    } as unknown as WebSocket.ClientOptions);
    webSocket.on('open', onOpen);
    webSocket.on('message', onMessage as (data: WebSocket.RawData, isBinary: boolean) => void);
    webSocket.on('close', onClose);
    // 'close' follows every error and handles it; only what the server did wrong is counted here.
    webSocket.on('error', (error) => {
      const fault = protocolFault(error);
      if (fault !== undefined) countError(tally, fault);
    });
  };
  const send = (bytes: Buffer) => {
    tally.requests++;
    exchange.notePublish(client, codec, bytes);
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
