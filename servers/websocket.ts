import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Subscription } from '../protocol/routes.ts';
import { closeCodes, encodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { socketDeflate } from './compression.ts';
import type { Upgrade } from './endpoint.ts';
import type { NodeContext } from './stream/node-context.ts';
import { BadPublish } from './stream/publications.ts';
import { StreamReader } from './stream/stream-reader.ts';

/**
 * A WebSocket endpoint (RFC 6455): one message per update; publishes come in and are acknowledged on the same socket.
 */
export function openSocketEndpoint(context: NodeContext): (subscription: Subscription, upgrade: Upgrade) => void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: socketDeflate(context.compression),
    maxPayload: context.limits.publishBytes,
    handleProtocols: () => subprotocols[context.codec.encoding],
  });
  return (subscription, { request, socket, head }) =>
    server.handleUpgrade(request, socket, head, (webSocket) => serveSocket(context, subscription, webSocket, socket));
}

function serveSocket(context: NodeContext, subscription: Subscription, webSocket: WebSocket, socket: Duplex): void {
  const binary = context.codec.encoding === 'binary';
  let answered = true;
  const reader = new StreamReader(context, subscription, {
    send: (update) => webSocket.send(update.encoded, { binary }, sent),
    unsentBytes: () => webSocket.bufferedAmount,
    heartbeat: () => {
      // A peer that did not answer the previous ping is gone.
      if (!answered) webSocket.terminate();
      answered = false;
      webSocket.ping();
    },
    gone: () => webSocket.close(closeCodes.gone, 'no longer retained'),
    tooSlow: () => webSocket.close(closeCodes.tooSlow, 'too slow'),
  });
  const drained = () => {
    webSocket.resume();
    reader.drained();
  };
  // Compressed messages may be so small that the socket never fills up, and so never emits `drain`.
  const sent = webSocket.extensions === '' ? undefined : () => webSocket.bufferedAmount === 0 && drained();
  reader.start();
  socket.on('drain', drained);
  webSocket.on('pong', () => {
    answered = true;
  });
  webSocket.on('message', (data) => {
    answered = true;
    receivePublish(context, subscription.client, webSocket, data as Buffer, sent);
    // A client that publishes without reading gets no further acknowledgements until it reads.
    if (webSocket.bufferedAmount > context.limits.unsentBytes) webSocket.pause();
  });
  // A protocol error closes the socket with its code; 'close' follows.
  webSocket.on('error', () => {});
  webSocket.once('close', () => reader.close());
}

/** `sent` runs after an acknowledgement has been sent. */
function receivePublish(
  context: NodeContext,
  client: number | undefined,
  webSocket: WebSocket,
  bytes: Buffer,
  sent: (() => void) | undefined,
): void {
  context.tally.requests++;
  context.publications.receive(client, bytes, (outcome) => {
    if (outcome instanceof BadPublish) {
      webSocket.close(closeCodes.badRequest, outcome.message.slice(0, 120));
      return;
    }
    context.exchange.noteAcknowledgement(client, outcome.sequence);
    webSocket.send(encodeAcknowledgement(outcome), { binary: false }, sent);
  });
}
