import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ByteCount } from '../../network/sockets/socket-bytes.ts';
import { keepAliveMs } from '../../protocol/limits.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';
import { createDialler, type Dialler } from './dial.ts';

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

/** As a browser has it: one connection for everything (RFC 9113), with the windows that Chrome gives. */
const http2 = {
  allowH2: true,
  // Requests at the same time: a client holds one and publishes one after the other.
  pipelining: 10,
  initialWindowSize: 6 * 1024 * 1024,
  connectionWindowSize: 15 * 1024 * 1024,
  // Nothing is sent that the transport did not ask for: heartbeats are the server's, the same for all.
  pingInterval: 0,
};

/**
 * `onReconnect` is called when the connection is opened again, also when that fails; `onLost` when it ends, whether or not
 * a request was on its way.
 */
export function openHttpConnection(
  context: ClientContext,
  onReconnect: () => void,
  onLost: () => void = () => {},
): HttpConnection {
  const { host, port, route } = context;
  const { dial, bytes } = createDialler(context, route.http === 2 ? 'h2' : 'http/1.1');
  const supply = createSocketSupply(dial, onReconnect, onLost);
  const client = new Client(`${route.tls ? 'https' : 'http'}://${host}:${port}`, {
    ...(route.http === 2 ? http2 : { pipelining: 1 }),
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Both would cut a hold after 300 s.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => supply.give(callback as Given),
  });
  return {
    dispatch: (options, handler) => {
      // Otherwise undici lets a POST wait until everything that is held has been answered. Repeating it does no harm: the
      // server drops what it has already.
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

/** Where one connection gets its sockets from, one after the other. */
type SocketSupply = {
  /** The one that was opened ahead, or a new one. */
  readonly give: (done: Given) => void;
  readonly openAhead: () => void;
  /** What ends from now on was meant to. */
  readonly close: () => void;
};

function createSocketSupply(dial: Dialler['dial'], onReconnect: () => void, onLost: () => void): SocketSupply {
  let ahead: Socket | undefined;
  let stood = false;
  let closed = false;
  const handOver = (opened: Socket, done: Given) => {
    stood = true;
    opened.once('close', () => {
      if (!closed) onLost();
    });
    done(null, opened);
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
      // undici does not expect the answer before it has finished asking.
      queueMicrotask(() => handOver(opened, done));
    },
    openAhead: () => {
      dial((_error, opened) => {
        if (closed) opened?.destroy();
        // Until a request takes it, nobody else listens; what went wrong shows when it is wanted.
        else if (opened) ahead = opened;
      });
    },
    close: () => {
      closed = true;
      ahead?.destroy();
    },
  };
}
