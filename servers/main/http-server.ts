import { createServer as createPlainServer, type IncomingMessage } from 'node:http';
import { createSecureServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import type { Duplex } from 'node:stream';
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

/** A server for all four transports, not yet listening. Its `connection` event gives the raw socket, also under TLS. */
export function createHttpServer(limits: Limits, router: Router, wire: Wire): Server {
  const server = serverFor(limits, wire, router.answer);
  server.maxConnections = limits.connections;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    router.upgrade({ request, socket, head }),
  );
  return server;
}

function serverFor({ headerBytes }: Limits, { tls, http = 1 }: Wire, answer: (exchange: Exchange) => void): Server {
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
    return createHttp2Server(secured, (request, response) => answer({ request, response }));
  }
  if (tls) return createTlsServer(secured, (request, response) => answer({ request, response }));
  return createPlainServer(settings, (request, response) => answer({ request, response }));
}
