import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { keepAliveMs, tcpKeepAliveMs } from '../protocol/limits.ts';
import type { ClientContext } from './transport-client.ts';

/** One keep-alive connection, one request at a time; it is opened by the first request and again after a loss. */
export type HttpConnection = {
  readonly dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;
  /** Bytes of the present socket; 0 before it is open. */
  readonly socketBytes: () => { readonly readBytes: number; readonly writtenBytes: number };
  readonly close: () => void;
};

const connectTimeoutMs = 30_000;

export function openHttpConnection({ host, port, sockets }: ClientContext): HttpConnection {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
  } as buildConnector.BuildOptions);
  let socket: Socket | undefined;
  const client = new Client(`http://${host}:${port}`, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Both would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) =>
      connect(options, (error, opened) => {
        if (opened) {
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
    socketBytes: () => ({ readBytes: socket?.bytesRead ?? 0, writtenBytes: socket?.bytesWritten ?? 0 }),
    close: () => {
      client.destroy().catch(() => {});
    },
  };
}
