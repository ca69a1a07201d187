import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { keepAliveMs, tcpKeepAliveMs } from '../protocol/limits.ts';
import type { ClientContext } from './transport-client.ts';

/** One keep-alive connection, one request at a time; it is opened by the first request and again after a loss. */
export type HttpConnection = {
  readonly dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;
  /** Bytes of all its sockets so far. */
  readonly socketBytes: () => { readonly readBytes: number; readonly writtenBytes: number };
  readonly close: () => void;
};

const connectTimeoutMs = 30_000;

/** `onReconnect` is called when the connection is opened again, also when that fails. */
export function openHttpConnection({ host, port, sockets }: ClientContext, onReconnect: () => void): HttpConnection {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
  } as buildConnector.BuildOptions);
  let socket: Socket | undefined;
  const earlier = { readBytes: 0, writtenBytes: 0 };
  const client = new Client(`http://${host}:${port}`, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Both would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) =>
      connect(options, (error, opened) => {
        if (socket || error) onReconnect();
        if (opened) {
          earlier.readBytes += socket?.bytesRead ?? 0;
          earlier.writtenBytes += socket?.bytesWritten ?? 0;
          socket = opened as Socket;
          sockets.watch(socket);
        }
        // Two overloads in the types, one function at run time.
        (callback as (error: Error | null, socket: Socket | null) => void)(error, opened);
      }),
  });
  return {
    dispatch: (options, handler) => {
      client.dispatch(options, handler);
    },
    socketBytes: () => ({
      readBytes: earlier.readBytes + (socket?.bytesRead ?? 0),
      writtenBytes: earlier.writtenBytes + (socket?.bytesWritten ?? 0),
    }),
    close: () => {
      client.destroy().catch(() => {});
    },
  };
}
