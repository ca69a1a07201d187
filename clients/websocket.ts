import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { tcpKeepAliveMs } from '../protocol/limits.ts';
import { socketPath, subscriptionUrl } from '../protocol/routes.ts';
import { closeCodes, decodeAcknowledgement, subprotocols } from '../protocol/socket-messages.ts';
import { createBackoff } from './backoff.ts';
import { known } from './short-polling.ts';
import { type ClientContext, countError, type Subscriber, type TransportClient } from './transport-client.ts';

const handshakeTimeoutMs = 30_000;
const braceOpen = 0x7b;

/** One socket for both directions; publishes that were not acknowledged are sent again after a reconnect. */
export function openWebSocket(context: ClientContext, subscriber: Subscriber): TransportClient {
  const { tally, codec, host, port } = context;
  const binary = codec.encoding === 'binary';
  const backoff = createBackoff(context.random);
  const { client, channel } = subscriber;
  const unacknowledged = new Map<number, Buffer>();
  let webSocket: WebSocket | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  let closed = false;

  const onMessage = (data: Buffer, isBinary: boolean) => {
    if (isBinary || (!binary && data[0] !== braceOpen)) {
      subscriber.update(data);
      return;
    }
    const acknowledgement = decodeAcknowledgement(data.toString('latin1'));
    if (!acknowledgement) {
      countError(tally, `unknown message ${data.toString('utf8', 0, 200)}`);
    } else if (unacknowledged.delete(acknowledgement.sequence)) {
      subscriber.acknowledged(acknowledgement);
    }
  };
  const onOpen = () => {
    backoff.reset();
    subscriber.subscribed();
    for (const bytes of unacknowledged.values()) send(bytes);
  };
  const onClose = (code: number, reason: Buffer) => {
    if (closed) return;
    if (code === closeCodes.gone) subscriber.gone();
    if (code === closeCodes.badRequest) countError(tally, `closed ${code} ${reason.toString('utf8')}`);
    tally.reconnects++;
    retryTimer = setTimeout(open, backoff.nextMs());
  };
  const open = () => {
    tally.requests++;
    const path = subscriptionUrl(socketPath, { channel, client, ...known(subscriber) });
    webSocket = new WebSocket(`ws://${host}:${port}${path}`, [subprotocols[codec.encoding]], {
      perMessageDeflate: false,
      handshakeTimeout: handshakeTimeoutMs,
      createConnection: (options: unknown) => watched(context, connect(options as NetConnectOpts)),
    } as WebSocket.ClientOptions);
    webSocket.on('open', onOpen);
    webSocket.on('message', onMessage as (data: WebSocket.RawData, isBinary: boolean) => void);
    webSocket.on('close', onClose);
    // 'close' follows every error and does the work.
    webSocket.on('error', () => {});
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

function watched({ sockets }: ClientContext, socket: Socket): Socket {
  socket.setKeepAlive(true, tcpKeepAliveMs);
  sockets.watch(socket);
  return socket;
}
