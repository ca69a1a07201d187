import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { createDialler } from './dial.ts';
import type { HttpConnection } from './http-connection.ts';
import type { ClientContext } from './transport-client.ts';

type Options = Dispatcher.DispatchOptions;
type Handler = Dispatcher.DispatchHandler;
type Asking = { readonly options: Options; readonly handler: Handler };

/** What Chrome lets a server send ahead of its reading, on each stream and on the connection. */
const streamWindowBytes = 6 * 1024 * 1024;
const connectionWindowBytes = 15 * 1024 * 1024;

/**
 * Everything of one client over one HTTP/2 connection (RFC 9113), as a browser has it: each request is a stream of its own, so
 * that a publish goes past a held poll.
 *
 * By `node:http2` itself. undici's client over it lets a POST wait for requests that are held, connects again at once when
 * a connection breaks, whatever wait its user wants, pings every minute, and fails an assertion of its own when it is
 * destroyed while a request is held. The events are undici's, so that transports need not know.
 */
export function openHttp2Connection(context: ClientContext, onReconnect: () => void): HttpConnection {
  const { dial, bytes } = createDialler(context, 'h2');
  const authority = `https://${context.host}:${context.port}`;
  const waiting: Asking[] = [];
  let session: ClientHttp2Session | undefined;
  let connecting = false;
  let stood = false;
  let closed = false;

  const open = () => {
    if (connecting || closed || isUsable(session)) return;
    connecting = true;
    dial((failed, socket) => {
      connecting = false;
      const error = failed ?? (socket && agreed(socket));
      if (stood || error) onReconnect();
      if (closed || error) socket?.destroy();
      if (error) failAll(error);
      else if (socket && !closed) begin(socket);
    });
  };
  const begin = (socket: Socket) => {
    stood = true;
    const begun = startSession(authority, socket);
    session = begun;
    for (const asking of waiting.splice(0)) ask(begun, asking);
  };
  const failAll = (error: Error) => {
    for (const { handler } of waiting.splice(0)) handler.onResponseError?.(nobody, error);
  };
  return {
    dispatch: (options, handler) => {
      if (isUsable(session)) {
        ask(session, { options, handler });
      } else {
        waiting.push({ options, handler });
        open();
      }
    },
    open,
    socketBytes: bytes,
    close: () => {
      closed = true;
      session?.destroy();
    },
  };
}

function isUsable(session: ClientHttp2Session | undefined): session is ClientHttp2Session {
  return session !== undefined && !session.closed && !session.destroyed;
}

/** An error where the other end speaks TLS and not HTTP/2. */
function agreed(socket: Socket & { readonly alpnProtocol?: string | false | null }): Error | null {
  return socket.alpnProtocol === 'h2' ? null : new Error(`HTTP/2 was refused: the server chose ${socket.alpnProtocol}`);
}

function startSession(authority: string, socket: Socket): ClientHttp2Session {
  const session = connect(authority, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindowBytes },
  });
  session.once('connect', () => session.setLocalWindowSize(connectionWindowBytes));
  // Its streams end with it, each with an error of its own.
  session.on('error', () => {});
  return session;
}

/** Calls the handler as undici does: the answer's head, its parts, and then one of end and error, once. */
function ask(session: ClientHttp2Session, { options, handler }: Asking): void {
  const body = options.body as Buffer | undefined;
  const stream = session.request(headersOf(options, body), { endStream: body === undefined });
  const controller = controllerOf(stream);
  let answered = false;
  let over = false;
  const fail = (error: Error) => {
    if (over) return;
    over = true;
    handler.onResponseError?.(controller, error);
  };
  handler.onRequestStart?.(controller, {});
  stream.once('response', (headers) => {
    answered = true;
    handler.onResponseStart?.(controller, headers[':status'] ?? 0, headers);
    // Not before: the head is told a moment later than it came, and the first part may be there by then.
    stream.on('data', (chunk: Buffer) => handler.onResponseData?.(controller, chunk));
  });
  stream.once('end', () => {
    // A stream that is reset, or whose connection is lost, ends too.
    if (over || !answered || stream.rstCode !== constants.NGHTTP2_NO_ERROR || session.destroyed) return;
    over = true;
    handler.onResponseEnd?.(controller, {});
  });
  stream.on('error', fail);
  stream.once('close', () => fail(new Error('HTTP/2: the stream was closed before its answer was complete')));
  if (body !== undefined) stream.end(body);
}

/** Headers about one connection have no place in HTTP/2, where `:authority` stands for the host (RFC 9113, 8.2.2 and 8.3.1). */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'host', 'keep-alive', 'upgrade']);

function headersOf({ method, path, headers }: Options, body: Buffer | undefined): OutgoingHttpHeaders {
  const fields = pairsOf(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    ':method': method,
    ':path': path,
    ...Object.fromEntries(fields.filter(([name]) => !connectionHeaders.has(name))),
    ...(body !== undefined && { 'content-length': body.length }),
  };
}

/** undici takes headers as a record or as one flat list of names and values. */
function pairsOf(headers: Options['headers']): readonly (readonly [string, string])[] {
  if (!headers) return [];
  if (!Array.isArray(headers)) return Object.entries(headers as Readonly<Record<string, string>>);
  const flat = headers as readonly string[];
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!] as const] : []));
}

function controllerOf(stream: ClientHttp2Stream): Dispatcher.DispatchController {
  return {
    get aborted() {
      return stream.aborted;
    },
    get paused() {
      return stream.isPaused();
    },
    reason: null,
    abort: () => stream.close(constants.NGHTTP2_CANCEL),
    pause: () => stream.pause(),
    resume: () => {
      stream.resume();
    },
  };
}

/** Of a request that had no connection. */
const nobody: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => {},
  pause: () => {},
  resume: () => {},
};
