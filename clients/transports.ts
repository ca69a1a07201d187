import type { Transport } from '../protocol/transport.ts';
import { openLongPolling } from './long-polling.ts';
import { openShortPolling } from './short-polling.ts';
import { openSse } from './sse.ts';
import type { OpenClient } from './subscriber/transport-client.ts';
import { openWebSocket } from './websocket.ts';

/** The client side of each transport. A new transport needs a row here and one in `servers/transports.ts`. */
export const openClient: Readonly<Record<Transport, OpenClient>> = {
  'short-polling': openShortPolling,
  'long-polling': openLongPolling,
  sse: openSse,
  websocket: openWebSocket,
};
