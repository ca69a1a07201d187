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

/** A request with its response. */
export type Exchange = {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  /** Called when the response has been sent or the client has gone: costs a held poll less than a listener of its own. */
  onClose: (() => void) | undefined;
};

/** A GET that asks to switch protocols (RFC 9110, 7.8). */
export type Upgrade = { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer };

export type Serve = (context: NodeContext, subscription: Subscription, exchange: Exchange) => void;

/** How a node serves one transport: by answering a request, or by taking over its connection. */
export type Endpoint =
  | { readonly kind: 'answer'; readonly serve: Serve }
  | {
      readonly kind: 'upgrade';
      readonly open: (context: NodeContext) => (subscription: Subscription, upgrade: Upgrade) => void;
    };
