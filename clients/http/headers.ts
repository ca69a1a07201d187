import { type Carrier, type HeaderLine, headerLines, type RequestKind } from '../../network/route/browser-headers.ts';
import type { Route } from '../../network/route/route.ts';
import { randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';

type Destination = Pick<ClientContext, 'host' | 'port' | 'route'>;

/** undici writes these itself, with the same number of bytes: names in lower case, Content-Length last. */
const writtenByUndici: ReadonlySet<string> = new Set(['host', 'connection', 'content-length']);

/**
 * Headers of a request, in order. `own`: what the transport needs. The minimal profile adds only the cookie and, if the
 * answer may be compressed, accept-encoding.
 * The browser profile has the captured lines in Chrome's order and case, except where undici and ws write them: undici
 * sends `host` and `connection` in lower case and Content-Length at the end. The number of bytes is the same.
 */
export function requestHeaders(
  destination: Destination,
  kind: RequestKind,
  own: readonly HeaderLine[] = [],
): HeaderLine[] {
  const { route } = destination;
  if (route.headers === 'browser') return browserLines(destination, kind, own);
  const asksForGzip = route.compression !== null && kind !== 'publish' && kind !== 'socket';
  return [
    ...own,
    ...(asksForGzip ? [['accept-encoding', 'gzip'] as const] : []),
    ...(route.cookieBytes > 0 ? [['cookie', cookieOf(route.cookieBytes)] as const] : []),
  ];
}

function browserLines(destination: Destination, kind: RequestKind, own: readonly HeaderLine[]): HeaderLine[] {
  const { cookieBytes } = destination.route;
  const scheme = destination.route.tls ? 'https' : 'http';
  const { host, origin } = new URL(`${scheme}://${destination.host}:${destination.port}`);
  const values: ReadonlyMap<string, string | undefined> = new Map([
    ['host', host],
    ['origin', origin],
    ['referer', `${origin}/`],
    ['cookie', cookieBytes > 0 ? cookieOf(cookieBytes) : undefined],
    ...own,
  ]);
  return headerLines(carrierOf(destination.route), kind).flatMap(([name, captured]): HeaderLine[] => {
    const lower = name.toLowerCase();
    if (kind !== 'socket' && writtenByUndici.has(lower)) return [];
    const value = values.has(lower) ? values.get(lower) : captured;
    return value === undefined ? [] : [[name, value]];
  });
}

function carrierOf({ tls, http }: Route): Carrier {
  if (http === 2) return 'h2';
  return tls ? 'https' : 'http';
}

let cookie = '';

/**
 * A cookie of `bytes` bytes, the same for all clients and requests. It looks random, like a signed or encrypted
 * session.
 */
export function cookieOf(bytes: number): string {
  if (cookie.length !== bytes) {
    const session = Buffer.from(randomFrom(seedFrom('cookie', bytes)).bytes(bytes)).toString('base64url');
    cookie = `session=${session}`.slice(0, bytes);
  }
  return cookie;
}
