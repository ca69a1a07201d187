import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Subscription } from '../protocol/routes.ts';
import type { NodeContext } from './stream/node-context.ts';

/** The part of a request that HTTP/1.1 and HTTP/2 share; endpoints need no more. */
export type HttpRequest = Readable & {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
};

/** The part of a response that HTTP/1.1 and HTTP/2 share. */
export type HttpResponse = Writable & {
  readonly req: Pick<HttpRequest, 'headers'>;
  readonly writeHead: (status: number, headers: OutgoingHttpHeaders) => unknown;
  readonly setHeader: (name: string, value: string) => unknown;
  /** Missing in HTTP/2, which sends its headers at once. */
  readonly flushHeaders?: () => void;
};

/** A GET that subscribes, with its response. */
export type Exchange = { readonly request: HttpRequest; readonly response: HttpResponse };

/** A GET that asks to switch protocols (RFC 9110, 7.8). */
export type Upgrade = { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };

/** How a node serves one transport: by answering a request, or by taking over its connection. */
export type Endpoint =
  | {
      readonly kind: 'answer';
      readonly serve: (context: NodeContext, subscription: Subscription, exchange: Exchange) => void;
    }
  | {
      readonly kind: 'upgrade';
      readonly open: (context: NodeContext) => (subscription: Subscription, upgrade: Upgrade) => void;
    };
