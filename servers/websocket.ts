import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Subscription } from '../protocol/routes.ts';
import { closeCodes, encodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { socketDeflate } from './compression.ts';
import type { Upgrade } from './endpoint.ts';
import type { NodeContext } from './stream/node-context.ts';
import { BadPublish } from './stream/publications.ts';
import type { RetainedUpdate } from './stream/retained-update.ts';
import { type Sink, StreamReader } from './stream/stream-reader.ts';

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
  const served = new ServedSocket(context, subscription, webSocket);
  socket.on('drain', () => served.drained());
  webSocket.on('pong', () => served.answered());
  webSocket.on('message', (data) => served.received(data as Buffer));
  // A protocol error closes the socket with its code; 'close' follows.
  webSocket.on('error', ignore);
  webSocket.once('close', () => served.closed());
}

function ignore(): void {}

/** One client's WebSocket. A class, because a node has thousands. */
class ServedSocket implements Sink {
  readonly #context: NodeContext;
  readonly #client: number | undefined;
  readonly #webSocket: WebSocket;
  readonly #reader: StreamReader;
  /** Compressed messages may be so small that the socket never fills up, and so never emits `drain`. */
  readonly #sent: (() => void) | undefined;
  #hasAnswered = true;

  constructor(context: NodeContext, subscription: Subscription, webSocket: WebSocket) {
    this.#context = context;
    this.#client = subscription.client;
    this.#webSocket = webSocket;
    this.#sent =
      webSocket.extensions === '' ? undefined : () => void (webSocket.bufferedAmount === 0 && this.drained());
    this.#reader = new StreamReader(context, subscription, this);
    this.#reader.start();
  }

  send({ encoded }: RetainedUpdate): void {
    this.#webSocket.send(encoded, this.#context.codec.encoding === 'binary' ? asBinary : asText, this.#sent);
  }

  unsentBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  heartbeat(): void {
    // A peer that did not answer the previous ping is gone.
    if (!this.#hasAnswered) this.#webSocket.terminate();
    this.#hasAnswered = false;
    this.#webSocket.ping();
  }

  gone(): void {
    this.#webSocket.close(closeCodes.gone, 'no longer retained');
  }

  tooSlow(): void {
    this.#webSocket.close(closeCodes.tooSlow, 'too slow');
  }

  drained(): void {
    this.#webSocket.resume();
    this.#reader.drained();
  }

  answered(): void {
    this.#hasAnswered = true;
  }

  received(message: Buffer): void {
    this.#hasAnswered = true;
    receivePublish(this.#context, this.#client, this.#webSocket, message, this.#sent);
    // A client that publishes without reading gets no further acknowledgements until it reads.
    if (this.#webSocket.bufferedAmount > this.#context.limits.unsentBytes) this.#webSocket.pause();
  }

  closed(): void {
    this.#reader.close();
  }
}

const asBinary = { binary: true } as const;
const asText = { binary: false } as const;

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
