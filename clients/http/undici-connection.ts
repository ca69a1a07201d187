import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { endIfReset } from '../../network/sockets/reset-at-take-over.ts';
import { keepAliveMs } from '../../protocol/limits.ts';
import { AnswerFault } from '../../protocol/wire/answer-parser.ts';
import { createHeldBytes } from '../../protocol/wire/held-bytes.ts';
import { type ClientContext, countError } from '../subscriber/transport-client.ts';
import { createDialler, type Dialler } from './dial.ts';
import type { AnswerHandler, ConnectionEvents, HttpConnection } from './http-connection.ts';
import { mostAnswerBytes, tooLarge } from './whole-answer.ts';

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

/** A connection of undici, which also speaks HTTP/2. */
export function openUndiciConnection(context: ClientContext, events: ConnectionEvents): HttpConnection {
  const { host, port, route } = context;
  const dialler = createDialler(context, route.http === 2 ? 'h2' : 'http/1.1');
  const takenOver = route.http === 2 ? endIfReset : () => {};
  const supply = createSocketSupply(dialler, takenOver, events);
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
    prepare: ({ method, headers, whole, handler }) => {
      // Without `idempotent`, undici delays a POST until all held requests are answered. A repeat is harmless: the
      // server drops duplicates.
      const options = { method, headers: headers.flat(), ...(route.http === 2 && { idempotent: true }) };
      const dispatched = (whole ? passingWhole : passingPieces)(context, handler);
      return (path, body) => {
        client.dispatch({ ...options, path, ...(body && { body }) }, dispatched);
      };
    },
    socketBytes: () => dialler.bytes(),
    open: supply.openAhead,
    close: () => {
      supply.close();
      client.destroy().catch(() => {});
    },
  };
}

function passingPieces({ tally }: ClientContext, handler: AnswerHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => {},
    onResponseStart: (controller, status, headers) => {
      handler.onHead(status, encodingIn(headers), (error) => controller.abort(error));
    },
    onResponseData: (_controller, chunk) => handler.onBody(chunk, 0, chunk.length),
    onResponseEnd: () => handler.onEnd(),
    onResponseError: (_controller, error) => {
      if (isFault(error)) countError(tally, error.message);
      handler.onError(error);
    },
  };
}

/** Most bodies come in one chunk, which is passed on without copying. */
function passingWhole(context: ClientContext, handler: AnswerHandler): Dispatcher.DispatchHandler {
  let single: Buffer | undefined;
  /** All of the body, if it came in several chunks: thousands of small ones must not take quadratic time. */
  const rest = createHeldBytes();
  const clear = () => {
    single = undefined;
    rest.clear();
  };
  const pieces = passingPieces(context, handler);
  return {
    ...pieces,
    onResponseStart: (...head) => {
      clear();
      pieces.onResponseStart?.(...head);
    },
    onResponseData: (controller, chunk) => {
      if ((single?.length ?? 0) + rest.length() + chunk.length > mostAnswerBytes) {
        clear();
        controller.abort(new AnswerFault(tooLarge));
      } else if (single === undefined && rest.length() === 0) {
        single = chunk;
      } else {
        if (single) rest.append(single, 0, single.length);
        single = undefined;
        rest.append(chunk, 0, chunk.length);
      }
    },
    onResponseEnd: () => {
      const body = single ?? rest.bytes();
      if (body.length > 0) handler.onBody(body, 0, body.length);
      handler.onEnd();
    },
  };
}

function encodingIn(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const encoding = headers['content-encoding'];
  return Array.isArray(encoding) ? encoding.join(', ') : encoding;
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
  dialler: Dialler,
  takenOver: (socket: Socket) => void,
  { onReconnect, onLost }: ConnectionEvents,
): SocketSupply {
  let ahead: Socket | undefined;
  let stood = false;
  let closed = false;
  const handOver = (opened: Socket, done: Given) => {
    stood = true;
    opened.once('close', () => {
      if (!closed) onLost?.();
    });
    done(null, opened);
    takenOver(opened);
  };
  const dialAnew = (done: Given) => {
    dialler.dial((error, opened) => {
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
      dialler.dial((_error, opened) => {
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

/** What the other end did wrong. That it ended in the middle of an answer is a loss; undici says so of one in chunks. */
function isFault(error: Error): boolean {
  if (error.name === 'HTTPParserError') return !error.message.includes('Invalid EOF state');
  return error instanceof AnswerFault;
}
