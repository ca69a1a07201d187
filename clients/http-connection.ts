import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ByteCount } from '../network/socket-bytes.ts';
import { keepAliveMs } from '../protocol/limits.ts';
import { createDialler } from './dial.ts';
import { openHttp2Connection } from './http2-connection.ts';
import type { ClientContext } from './transport-client.ts';

/**
 * One keep-alive connection; it is opened by the first request or ahead of it, and again after a loss. One request at a time
 * over HTTP/1.1, as many as are asked over HTTP/2.
 */
export type HttpConnection = {
  readonly dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;
  /** Connects ahead of the first request, which then does not pay for it. */
  readonly open: () => void;
  /** Bytes of all its sockets so far. */
  readonly socketBytes: () => ByteCount;
  readonly close: () => void;
};

/** `onReconnect` is called when the connection is opened again, also when that fails. */
export function openHttpConnection(context: ClientContext, onReconnect: () => void): HttpConnection {
  return context.route.http === 2
    ? openHttp2Connection(context, onReconnect)
    : openHttp1Connection(context, onReconnect);
}

function openHttp1Connection(context: ClientContext, onReconnect: () => void): HttpConnection {
  const { host, port, route } = context;
  const { dial, bytes } = createDialler(context, 'http/1.1');
  let ahead: Socket | undefined;
  let stood = false;
  let closed = false;
  const open = () => {
    dial((_error, opened) => {
      if (closed) opened?.destroy();
      // Until a request takes it, nobody else listens; what went wrong shows when it is wanted.
      else if (opened) ahead = opened;
    });
  };
  const client = new Client(`${route.tls ? 'https' : 'http'}://${host}:${port}`, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Both would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => {
      const give = callback as (error: Error | null, socket: Socket | null) => void;
      if (ahead?.readyState === 'open') {
        const opened = ahead;
        ahead = undefined;
        stood = true;
        // undici does not expect the answer before it has finished asking.
        queueMicrotask(() => give(null, opened));
        return;
      }
      dial((error, opened) => {
        if (stood || error) onReconnect();
        if (opened) stood = true;
        give(error, opened);
      });
    },
  });
  return {
    dispatch: (options, handler) => {
      client.dispatch(options, handler);
    },
    socketBytes: bytes,
    open,
    close: () => {
      closed = true;
      ahead?.destroy();
      client.destroy().catch(() => {});
    },
  };
}
