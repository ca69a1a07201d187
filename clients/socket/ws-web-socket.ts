import { WebSocket } from 'ws';
import type { Dialler } from '../http/dial.ts';
import { requestHeaders } from '../http/headers.ts';
import { watchDeflate } from './socket-deflate.ts';
import { answeredWith, handshakeTimeoutMs, mostMessageBytes, type OpenWebSocket } from './web-socket.ts';

/** A WebSocket of ws, which also speaks permessage-deflate. */
export const openWsWebSocket: OpenWebSocket = ({ context, dialler }, { path, subprotocol }, handlers) => {
  const { host, port, route } = context;
  let takeWire: () => Buffer | undefined = () => undefined;
  const webSocket = new WebSocket(`${route.tls ? 'wss' : 'ws'}://${host}:${port}${path}`, [subprotocol], {
    // Chrome always offers it; the server accepts it if the path has compression.
    perMessageDeflate: route.compression !== null || route.headers === 'browser',
    // ws keeps the order of headers given here.
    headers: Object.fromEntries(requestHeaders(context, 'socket')),
    handshakeTimeout: handshakeTimeoutMs,
    maxPayload: mostMessageBytes,
    // `http.request` accepts a callback that gets the connected socket; the types of ws do not include it.
    createConnection: (_options: unknown, done: Parameters<Dialler['dial']>[0]) => dialler.dial(done),
  } as unknown as WebSocket.ClientOptions);
  webSocket.on('open', () => {
    takeWire = watchDeflate(webSocket, (message, wire) => handlers.onCompressed(message, wire));
    handlers.onOpen();
  });
  webSocket.on('message', (data: Buffer, binary) => handlers.onMessage(binary, data, 0, data.length, takeWire()));
  webSocket.on('close', (code, reason) => handlers.onClose(code, reason.toString('utf8')));
  // 'close' follows every error and handles it; only what the server did wrong is counted here.
  webSocket.on('error', (error) => {
    const fault = protocolFault(error);
    if (fault !== undefined) handlers.onFault(fault);
  });
  return {
    send: (message, binary) => {
      if (webSocket.readyState === WebSocket.OPEN) webSocket.send(message, { binary });
    },
    isOpen: () => webSocket.readyState === WebSocket.OPEN,
    terminate: () => {
      // Others may have arrived with the last one.
      webSocket.removeAllListeners('message');
      webSocket.terminate();
    },
  };
};

/** What a server did against HTTP or RFC 6455; undefined for a connection that was lost, and for a close of ours. */
function protocolFault({ message, code = '' }: NodeJS.ErrnoException): string | undefined {
  const status = /^Unexpected server response: (\d+)$/.exec(message)?.[1];
  if (status !== undefined) return answeredWith(status);
  const isWrong = /^(WS_ERR|HPE)_/.test(code) || /^(Invalid|Server (sent|indicated)) /.test(message);
  return isWrong ? `WebSocket: ${message}` : undefined;
}
