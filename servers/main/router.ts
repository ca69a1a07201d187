import type { Duplex } from 'node:stream';
import {
  BadQuery,
  eventsPath,
  parseSubscription,
  pathOf,
  type Subscription,
  socketPath,
  updatesPath,
} from '../../protocol/routes.ts';
import { subprotocols } from '../../protocol/socket-messages.ts';
import { hasReached, whenReached } from '../catching-up.ts';
import type { Exchange, HttpRequest, HttpResponse, Serve, Upgrade } from '../endpoint.ts';
import { answerText } from '../poll-answer.ts';
import { servePublish } from '../publishing.ts';
import { resumed } from '../sse.ts';
import type { NodeContext } from '../stream/node-context.ts';
import { endpoints } from '../transports.ts';

/** Routes requests to their transport. A query that the contract does not allow is answered with 400. */
export type Router = {
  readonly answer: (exchange: Exchange) => void;
  readonly upgrade: (upgrade: Upgrade) => void;
};

export function createRouter(context: NodeContext): Router {
  const openSocket = endpoints.websocket.open(context);
  return {
    answer: (exchange) => {
      context.tally.requests++;
      try {
        route(context, exchange);
      } catch (error) {
        answerText(exchange.response, 400, refusalOf(error));
      }
    },
    upgrade: (upgrade) => {
      const { socket } = upgrade;
      context.tally.requests++;
      socket.on('error', () => socket.destroy());
      try {
        openUpgrade(context, upgrade, openSocket);
      } catch (error) {
        refuseUpgrade(socket, refusalOf(error));
      }
    },
  };
}

function openUpgrade(
  context: NodeContext,
  upgrade: Upgrade,
  openSocket: (subscription: Subscription, upgrade: Upgrade) => void,
): void {
  const { request, socket } = upgrade;
  const url = request.url ?? '';
  if (pathOf(url) !== socketPath) throw new BadQuery(`path: only ${socketPath} can be upgraded`);
  const subscription = parseSubscription(url, context.stream.channels);
  assertSubprotocol(context, upgrade);
  noteVisit(context, subscription);
  if (hasReached(context, subscription)) openSocket(subscription, upgrade);
  else
    whenReached(
      context,
      subscription,
      () => openSocket(subscription, upgrade),
      () => socket.destroyed,
    );
}

function route(context: NodeContext, exchange: Exchange): void {
  const { request, response } = exchange;
  const path = pathOf(request.url ?? '');
  if (path === updatesPath && request.method === 'POST') {
    servePublish(context, request, response);
  } else if (path !== updatesPath && path !== eventsPath) {
    refusePath(response, path);
  } else if (request.method !== 'GET') {
    answerText(response, 405, `method: GET, or POST to ${updatesPath}`);
  } else {
    const subscription = subscriptionOf(context, request, path);
    const polling = subscription.waitMs === undefined ? 'short-polling' : 'long-polling';
    const { serve } = endpoints[path === eventsPath ? 'sse' : polling];
    noteVisit(context, subscription);
    if (hasReached(context, subscription)) serve(context, subscription, exchange);
    else serveWhenReached(context, subscription, exchange, serve);
  }
}

/** A function of its own, or each request would pay for its closures. */
function serveWhenReached(context: NodeContext, subscription: Subscription, exchange: Exchange, serve: Serve): void {
  whenReached(
    context,
    subscription,
    () => serve(context, subscription, exchange),
    () => exchange.response.destroyed,
  );
}

function subscriptionOf({ stream }: NodeContext, request: HttpRequest, path: string): Subscription {
  const subscription = parseSubscription(request.url ?? '', stream.channels);
  return path === eventsPath ? resumed(subscription, request) : subscription;
}

function noteVisit({ oneOfSeveral, visits, clock, limits }: NodeContext, { client }: Subscription): void {
  if (!oneOfSeveral || client === undefined) return;
  // Anyone can make up numbers.
  if (visits.size < limits.connections || visits.has(client)) visits.set(client, clock.nowUs());
}

/** The subprotocol tells the client what messages hold (RFC 6455, 4.2.2), so another encoding is refused. */
function assertSubprotocol({ codec }: NodeContext, { request }: Upgrade): void {
  const wanted = subprotocols[codec.encoding];
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(wanted)) throw new BadQuery(`Sec-WebSocket-Protocol: ${wanted} is the one spoken here`);
}

function refusePath(response: HttpResponse, path: string): void {
  if (path === socketPath) answerText(response, 426, `${socketPath} wants an Upgrade to websocket`);
  else answerText(response, 404, `path: ${updatesPath}, ${eventsPath} or ${socketPath}`);
}

/** What a query did against the contract. Throws everything else again. */
function refusalOf(error: unknown): string {
  if (!(error instanceof BadQuery)) throw error;
  return error.message;
}

function refuseUpgrade(socket: Duplex, text: string): void {
  const body = `${text}\n`;
  // Upgraded connections have no timeout: a peer that never ends its side would keep the descriptor.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
