import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Subscription } from '../protocol/routes.ts';
import type { NodeContext } from './node-context.ts';

/** A GET that subscribes, and the answer to it. */
export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

/** A GET that asks for another protocol on its connection (RFC 9110, 7.8). */
export type Upgrade = { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };

/** How a node serves one transport: by answering a request, or by taking its connection over. */
export type Endpoint =
  | {
      readonly kind: 'answer';
      readonly serve: (context: NodeContext, subscription: Subscription, exchange: Exchange) => void;
    }
  | {
      readonly kind: 'upgrade';
      readonly open: (context: NodeContext) => (subscription: Subscription, upgrade: Upgrade) => void;
    };
