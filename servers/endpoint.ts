import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Subscription } from '../protocol/routes.ts';
import type { NodeContext } from './stream/node-context.ts';

/** What HTTP/1.1 and HTTP/2 have in common, which is all that an endpoint needs of a request. */
export type HttpRequest = Readable & {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
};

/** The same of the answer to it. */
export type HttpResponse = Writable & {
  readonly req: Pick<HttpRequest, 'headers'>;
  readonly writeHead: (status: number, headers: OutgoingHttpHeaders) => unknown;
  readonly setHeader: (name: string, value: string) => unknown;
  /** HTTP/2 keeps no head back, and its types know no such method. */
  readonly flushHeaders?: () => void;
};

/** A GET that subscribes, and the answer to it. */
export type Exchange = { readonly request: HttpRequest; readonly response: HttpResponse };

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
