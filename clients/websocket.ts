import { socketPath, subscriptionUrl } from '../protocol/routes.ts';
import { closeCodes, decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { reasonOf } from '../text/reason.ts';
import { createBackoff } from './backoff.ts';
import { createDialler } from './http/dial.ts';
import { textFor } from './poll-answer.ts';
import { webSocketOpener } from './socket/open-web-socket.ts';
import type { WebSocketConnection } from './socket/web-socket.ts';
import {
  type ClientContext,
  countError,
  known,
  type Subscriber,
  type TransportClient,
} from './subscriber/transport-client.ts';

const braceOpen = 0x7b;
/** Close codes for a malformed or oversized publish (RFC 6455, 7.4.1). */
const refusals: ReadonlySet<number> = new Set([closeCodes.badRequest, 1009]);

/** One socket for both directions. Unacknowledged publishes are resent after a reconnect. */
export function openWebSocket(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, exchange } = context;
  const openWebSocketOf = webSocketOpener(context);
  const { dial } = createDialler(context, 'http/1.1');
  const binary = codec.encoding === 'binary';
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const unacknowledged = new Map<number, Uint8Array>();
  // Publishes already counted: a resent one counts as framing, as it does without compression.
  const counted = new WeakSet<Uint8Array>();
  let webSocket: WebSocketConnection | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let stood = false;

  const onMessage = (isBinary: boolean, bytes: Uint8Array, start: number, end: number, wire?: Uint8Array) => {
    try {
      if (isBinary || (!binary && bytes[start] !== braceOpen)) {
        subscriber.update(bytes, start, end);
        if (wire) subscriber.compressed([wire], end - start);
        exchange.note(client, 'update', subscriber.after() ?? null);
      } else {
        receiveAcknowledgement(textFor(bytes, start, end));
      }
      backoff.reset();
    } catch (error) {
      countError(tally, `unreadable message: ${reasonOf(error)}`);
      webSocket?.terminate();
    }
  };
  const receiveAcknowledgement = (text: string) => {
    const acknowledgement = decodeAcknowledgement(text);
    if (!acknowledgement) {
      countError(tally, `unknown message ${text}`);
    } else if (unacknowledged.delete(acknowledgement.sequence)) {
      exchange.noteAcknowledgement(client, acknowledgement.sequence);
      subscriber.acknowledged(acknowledgement);
    }
  };
  const onCompressed = (message: Uint8Array, wire: Uint8Array) => {
    if (counted.has(message)) return;
    counted.add(message);
    tally.savedPublishBytes += message.length - wire.length;
  };
  const onOpen = () => {
    stood = true;
    subscriber.subscribed();
    for (const bytes of unacknowledged.values()) send(bytes);
  };
  const onClose = (code: number, reason: string) => {
    if (closed) return;
    subscriber.lost();
    if (code === closeCodes.gone) subscriber.gone();
    // The socket was open without updates: the channel had no state, so the client may miss nothing from version 1 on.
    else if (stood && subscriber.after() === undefined) subscriber.joinedEmpty();
    stood = false;
    if (refusals.has(code)) dropRefused(`closed ${code} ${reason}`);
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  // Refused: resending would not help. The ledger shows the loss.
  const dropRefused = (text: string) => {
    countError(tally, text);
    const [oldest] = unacknowledged.keys();
    if (oldest !== undefined) unacknowledged.delete(oldest);
  };
  const onFault = (text: string) => countError(tally, text);
  const open = () => {
    tally.requests++;
    const path = subscriptionUrl(socketPath, { channel, client, ...known(subscriber) });
    const request = { path, subprotocol: subprotocols[codec.encoding] };
    webSocket = openWebSocketOf({ context, dial }, request, { onOpen, onMessage, onFault, onClose, onCompressed });
  };
  const send = (bytes: Uint8Array) => {
    tally.requests++;
    exchange.notePublish(client, codec, bytes);
    webSocket?.send(bytes, binary);
  };

  return {
    connect: open,
    publish: (sequence, bytes) => {
      unacknowledged.set(sequence, bytes);
      if (webSocket?.isOpen()) send(bytes);
    },
    close: () => {
      closed = true;
      clearTimeout(retryTimer);
      webSocket?.terminate();
    },
  };
}
