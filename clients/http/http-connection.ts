import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { endIfReset } from '../../network/sockets/reset-at-take-over.ts';
import type { ByteCount } from '../../network/sockets/socket-bytes.ts';
import { keepAliveMs } from '../../protocol/limits.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import { createDialler, type Dialler } from './dial.ts';

/**
 * A keep-alive connection, opened by its first request or ahead of it, and reopened after a loss. It carries one
 * request at a time over HTTP/1.1, concurrent ones over HTTP/2.
 */
export type HttpConnection = {
  readonly dispatch: (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void;
  /** Connects before the first request, so that the request does not pay for it. */
  readonly open: () => void;
  /** Bytes of all its sockets so far. */
  readonly socketBytes: () => ByteCount;
  readonly close: () => void;
};

/** As in a browser: one connection for everything (RFC 9113), with Chrome's window sizes. */
const http2 = {
  allowH2: true,
  // Concurrent requests: a client holds one poll and sends one publish at a time.
  pipelining: 10,
  initialWindowSize: 6 * 1024 * 1024,
  connectionWindowSize: 15 * 1024 * 1024,
  // No HTTP/2 pings: heartbeats come from the server, the same for all transports.
  pingInterval: 0,
};

/**
 * `onReconnect` is called when the connection is reopened, and when an attempt to open it fails. `onLost` is called
 * when it ends, with or without a request in progress.
 */
export function openHttpConnection(
  context: ClientContext,
  onReconnect: () => void,
  onLost: () => void = () => {},
): HttpConnection {
  const { host, port, route } = context;
  const { dial, bytes } = createDialler(context, route.http === 2 ? 'h2' : 'http/1.1');
  const takenOver = route.http === 2 ? endIfReset : () => {};
  const supply = createSocketSupply(dial, takenOver, onReconnect, onLost);
  const client = new Client(`${route.tls ? 'https' : 'http'}://${host}:${port}`, {
    ...(route.http === 2 ? http2 : { pipelining: 1 }),
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Either default would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => supply.give(callback as Given),
  });
  return {
    dispatch: (options, handler) => {
      // Without `idempotent`, undici delays a POST until all held requests are answered. A repeat is harmless: the
      // server drops duplicates.
      client.dispatch(route.http === 2 ? { ...options, idempotent: true } : options, handler);
    },
    socketBytes: bytes,
    open: supply.openAhead,
    close: () => {
      supply.close();
      client.destroy().catch(() => {});
    },
  };
}

type Given = Parameters<Dialler['dial']>[0];

/** Supplies one connection's successive sockets. */
type SocketSupply = {
  /** Passes on the socket that was opened ahead, or a new one. */
  readonly give: (done: Given) => void;
  readonly openAhead: () => void;
  /** Closes the supply: sockets that end later are not losses. */
  readonly close: () => void;
};

function createSocketSupply(
  dial: Dialler['dial'],
  takenOver: (socket: Socket) => void,
  onReconnect: () => void,
  onLost: () => void,
): SocketSupply {
  let ahead: Socket | undefined;
  let stood = false;
  let closed = false;
  const handOver = (opened: Socket, done: Given) => {
    stood = true;
    opened.once('close', () => {
      if (!closed) onLost();
    });
    done(null, opened);
    takenOver(opened);
  };
  const dialAnew = (done: Given) => {
    dial((error, opened) => {
      if (stood || error) onReconnect();
      if (opened) handOver(opened, done);
      else done(error, null);
    });
  };
  return {
    give: (done) => {
      if (ahead?.readyState !== 'open') {
        dialAnew(done);
        return;
      }
      const opened = ahead;
      ahead = undefined;
      // undici does not expect the socket before its call has returned.
      queueMicrotask(() => handOver(opened, done));
    },
    openAhead: () => {
      dial((_error, opened) => {
        if (closed) opened?.destroy();
        // On success the socket waits for a request; an error shows when the request dials again.
        else if (opened) ahead = opened;
      });
    },
    close: () => {
      closed = true;
      ahead?.destroy();
    },
  };
}
