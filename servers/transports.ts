import type { Transport } from '../protocol/transport.ts';
import type { Endpoint } from './endpoint.ts';
import { serveLongPoll } from './long-polling.ts';
import { serveShortPoll } from './short-polling.ts';
import { serveEvents } from './sse.ts';
import { openSocketEndpoint } from './websocket.ts';

/** The server side of each transport. A new transport needs a row here and one in `clients/transports.ts`. */
export const endpoints = {
  'short-polling': { kind: 'answer', serve: serveShortPoll },
  'long-polling': { kind: 'answer', serve: serveLongPoll },
  sse: { kind: 'answer', serve: serveEvents },
  websocket: { kind: 'upgrade', open: openSocketEndpoint },
} as const satisfies Readonly<Record<Transport, Endpoint>>;
