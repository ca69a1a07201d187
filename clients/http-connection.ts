import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import { keepAliveMs, tcpKeepAliveMs } from '../protocol/limits.ts';
import type { ClientContext } from './transport-client.ts';

/** One keep-alive connection, one request at a time; it is opened by the first request or ahead of it, and again after a loss. */
export type HttpConnection = {
  readonly dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;
  /** Connects ahead of the first request, which then does not pay for it. */
  readonly open: () => void;
  /** Bytes of all its sockets so far. */
  readonly socketBytes: () => { readonly readBytes: number; readonly writtenBytes: number };
  readonly close: () => void;
};

const connectTimeoutMs = 30_000;

/** `onReconnect` is called when the connection is opened again, also when that fails. */
export function openHttpConnection(
  { host, port, sockets, localAddress }: ClientContext,
  onReconnect: () => void,
): HttpConnection {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
  } as buildConnector.BuildOptions);
  let socket: Socket | undefined;
  const earlier = { readBytes: 0, writtenBytes: 0 };
  let ahead: Socket | undefined;
  let closed = false;
  const open = () => {
    connect(
      { hostname: host, host, protocol: 'http:', port: String(port), ...(localAddress && { localAddress }) },
      (_error, opened) => {
        if (!opened) return;
        if (closed) {
          opened.destroy();
          return;
        }
        ahead = opened as Socket;
        sockets.watch(ahead);
        // Until a request takes it, nobody else listens; what went wrong shows when it is wanted.
        ahead.on('error', () => {});
      },
    );
  };
  const client = new Client(`http://${host}:${port}`, {
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Both would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      const give = callback as (error: Error | null, socket: Socket | null) => void;
      if (ahead?.readyState === 'open') {
        const opened = ahead;
        socket = opened;
        ahead = undefined;
        // undici does not expect the answer before it has finished asking.
        queueMicrotask(() => give(null, opened));
        return;
      }
      connect({ ...options, ...(localAddress && { localAddress }) }, (error, opened) => {
        if (socket || error) onReconnect();
        if (opened) {
          earlier.readBytes += socket?.bytesRead ?? 0;
          earlier.writtenBytes += socket?.bytesWritten ?? 0;
          socket = opened as Socket;
          sockets.watch(socket);
        }
        give(error, opened as Socket | null);
      });
    },
  });
  return {
    dispatch: (options, handler) => {
      client.dispatch(options, handler);
    },
    socketBytes: () => ({
      readBytes: earlier.readBytes + (socket?.bytesRead ?? 0),
      writtenBytes: earlier.writtenBytes + (socket?.bytesWritten ?? 0),
    }),
    open,
    close: () => {
      closed = true;
      ahead?.destroy();
      client.destroy().catch(() => {});
    },
  };
}
