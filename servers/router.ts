import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BadQuery, eventsPath, parseSubscription, pathOf, socketPath, updatesPath } from '../protocol/routes.ts';
import type { Exchange, Upgrade } from './endpoint.ts';
import type { NodeContext } from './node-context.ts';
import { answerText } from './poll-answer.ts';
import { servePublish } from './publishing.ts';
import { endpoints } from './transports.ts';

/** Sends every request to the transport it asks for; a query that the contract does not allow is answered with 400. */
export type Router = {
  readonly answer: (exchange: Exchange) => void;
  readonly upgrade: (upgrade: Upgrade) => void;
};

export function createRouter(context: NodeContext): Router {
  const openSocket = endpoints.websocket.open(context);
  return {
    answer: (exchange) => {
      context.tally.requests++;
      refusing(
        () => route(context, exchange),
        (text) => answerText(exchange.response, 400, text),
      );
    },
    upgrade: (upgrade) => {
      const { request, socket } = upgrade;
      context.tally.requests++;
      socket.on('error', () => socket.destroy());
      refusing(
        () => {
          const url = request.url ?? '';
          if (pathOf(url) !== socketPath) throw new BadQuery(`path: only ${socketPath} can be upgraded`);
          openSocket(parseSubscription(url, context.stream.channels), upgrade);
        },
        (text) => refuseUpgrade(socket, text),
      );
    },
  };
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
    const subscription = parseSubscription(request.url ?? '', context.stream.channels);
    const polling = subscription.waitMs === undefined ? 'short-polling' : 'long-polling';
    endpoints[path === eventsPath ? 'sse' : polling].serve(context, subscription, exchange);
  }
}

function refusePath(response: ServerResponse, path: string): void {
  if (path === socketPath) answerText(response, 426, `${socketPath} wants an Upgrade to websocket`);
  else answerText(response, 404, `path: ${updatesPath}, ${eventsPath} or ${socketPath}`);
}

function refusing(serve: () => void, refuse: (text: string) => void): void {
  try {
    serve();
  } catch (error) {
    if (!(error instanceof BadQuery)) throw error;
    refuse(error.message);
  }
}

function refuseUpgrade(socket: Duplex, text: string): void {
  const body = `${text}\n`;
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
