import { createServer as createPlainServer, type IncomingMessage } from 'node:http';
import { createSecureServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { endIfReset } from '../../network/sockets/reset-at-take-over.ts';
import { keepAliveMs, type Limits, tcpKeepAliveMs } from '../../protocol/limits.ts';
import type { Exchange } from '../endpoint.ts';
import type { Router } from './router.ts';

/** Protocol on a node's port. Behind a proxy it is plain HTTP/1.1, whatever clients speak to the proxy. */
export type Wire = {
  /** PEM; absent: plain text. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** 2 needs `tls`, as in browsers; WebSocket still upgrades from HTTP/1.1. Absent: 1. */
  readonly http?: 1 | 2;
};

/** What has been asked on one connection. */
type Asked = {
  /** Requests without an answer. */
  open: number;
  /** Until it is closed. */
  newest: Exchange['response'] | undefined;
};

/** Where a connection keeps it: a map of thousands would be looked up and collected with each request. */
const asked = Symbol('asked');

type Connection = { [asked]?: Asked; readonly destroyed: boolean; destroy(): unknown };

/** A server for all four transports, not yet listening. Its `connection` event gives the raw socket, also under TLS. */
export function createHttpServer(limits: Limits, router: Router, wire: Wire): Server {
  const server = serverFor(limits, wire, withinOpenRequests(limits.openRequests, router.answer));
  server.maxConnections = limits.connections;
  const newConnection = wire.tls ? 'secureConnection' : 'connection';
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const answer = () => {
      if (asksForWebSocket(request)) router.upgrade({ request, socket, head });
      else server.emit(newConnection, withoutUpgrade(request, socket, head));
    };
    const earlier = (socket as Connection)[asked]?.newest;
    // Answers go out in order, and Node.js knows nothing of an earlier one once it has given the connection away.
    if (earlier === undefined || earlier.closed) {
      answer();
    } else {
      socket.on('error', () => {});
      earlier.once('close', answer);
    }
  });
  return server;
}

/**
 * Ends a connection with more requests open at once than `most`. Node.js takes pipelined ones without limit, and
 * quadratic time to drop them when the connection ends. Over HTTP/2 a client knows the limit beforehand (RFC 9113, 5.1.2).
 */
function withinOpenRequests(most: number, answer: (exchange: Exchange) => void): (exchange: Exchange) => void {
  return (exchange) => {
    const { request, response } = exchange;
    const received = request as IncomingMessage | Http2ServerRequest;
    const connection: Connection | undefined = 'stream' in received ? received.stream.session : received.socket;
    if (!connection || connection.destroyed) return;
    connection[asked] ??= { open: 0, newest: response };
    const here = connection[asked];
    if (here.open >= most) {
      connection.destroy();
      return;
    }
    here.newest = response;
    answer(exchange);
    // Most requests are answered at once.
    const isHeld = !response.writableEnded;
    if (isHeld) here.open++;
    response.on('close', () => {
      if (isHeld) here.open--;
      // Kept any longer, it would outlive its young generation, and to collect it would cost more than the request.
      if (here.newest === response) here.newest = undefined;
      exchange.onClose?.();
    });
  };
}

function asksForWebSocket({ headers: { upgrade = '' } }: IncomingMessage): boolean {
  return upgrade.split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket');
}

/**
 * The connection as if its request had not asked for another protocol, which a server may ignore (RFC 9110, 7.8):
 * `curl --http2` asks for h2c. The request goes back into the socket without those headers, to be read once more.
 */
function withoutUpgrade(
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Duplex,
  rest: Buffer,
): Duplex {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = [rawHeaders[at]!, rawHeaders[at + 1]!];
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
    if (/^connection$/i.test(name) && /(^|,)\s*close\s*(,|$)/i.test(value)) lines.push('Connection: close');
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
  return socket;
}

function serverFor(
  { headerBytes, openRequests }: Limits,
  { tls, http = 1 }: Wire,
  answer: (exchange: Exchange) => void,
): Server {
  const settings = {
    keepAlive: true,
    keepAliveInitialDelay: tcpKeepAliveMs,
    keepAliveTimeout: keepAliveMs,
    maxHeaderSize: headerBytes,
    noDelay: true,
  };
  const secured = { ...settings, ...tls, minVersion: 'TLSv1.3', allowHTTP1: true } as const;
  if (http === 2) {
    if (!tls) throw new Error('HTTP/2 needs TLS');
    const server = createHttp2Server(
      { ...secured, settings: { maxConcurrentStreams: openRequests } },
      (request, response) => answer({ request, response, onClose: undefined }),
    );
    server.on('secureConnection', endIfReset);
    return server;
  }
  if (tls) return createTlsServer(secured, (request, response) => answer({ request, response, onClose: undefined }));
  return createPlainServer(settings, (request, response) => answer({ request, response, onClose: undefined }));
}
