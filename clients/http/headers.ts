import { type Carrier, type HeaderLine, headerLines, type RequestKind } from '../../network/route/browser-headers.ts';
import type { Route } from '../../network/route/route.ts';
import { randomFrom, seedFrom } from '../../scenarios/random.ts';
import type { ClientContext } from '../subscriber/transport-client.ts';

type Destination = Pick<ClientContext, 'host' | 'port' | 'route'>;

/** undici writes these by itself, with the same bytes: names in lower case, Content-Length as the last. */
const writtenByUndici: ReadonlySet<string> = new Set(['host', 'connection', 'content-length']);

/**
 * What a request carries, in order. `own` is what its transport needs; the minimal profile adds nothing to it but the
 * cookie and, for what may be answered compressed, the question for it.
 *
 * The browser profile has the captured lines in Chrome's order and case, except where undici and ws write them: undici
 * gives `host` and `connection` in lower case and Content-Length at the end. The bytes add up to the same.
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

/** The same for all clients and requests: what looks random, as a signed or encrypted session does. `bytes` long. */
export function cookieOf(bytes: number): string {
  if (cookie.length !== bytes) {
    const session = randomFrom(seedFrom('cookie', bytes)).bytes(bytes).toString('base64url');
    cookie = `session=${session}`.slice(0, bytes);
  }
  return cookie;
}
