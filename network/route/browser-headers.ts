import kept from './browser-headers.json' with { type: 'json' };

/** Requests of a page that follows a channel and publishes. `resume`: the events again after a lost connection. */
export const requestKinds = ['poll', 'publish', 'events', 'resume', 'socket'] as const;

export type RequestKind = (typeof requestKinds)[number];

/** Protocols that carry requests: HTTP/1.1 in plain text, HTTP/1.1 over TLS, or HTTP/2 (not for WebSocket). */
export const carriers = ['http', 'https', 'h2'] as const;

export type Carrier = (typeof carriers)[number];

export type HeaderLine = readonly [name: string, value: string];

/** What a browser sent. `npm run browser-headers` captures it again and prints the differences. */
export type BrowserHeaders = {
  /** Name and version. */
  readonly browser: string;
  /** Day of the capture, ISO 8601. */
  readonly capturedOn: string;
  /** Each head, line by line as received; first the request line or the HTTP/2 pseudo-headers. */
  readonly heads: Readonly<Record<Carrier, Readonly<Partial<Record<RequestKind, readonly string[]>>>>>;
};

/**
 * Captured from a headless Chromium whose own names were replaced by those of a Chrome with a window: `HeadlessChrome`
 * by `Chrome` in User-Agent and by `Google Chrome` in Sec-CH-UA, where Debian's build names only `Chromium`. Everything
 * else is unchanged, with a cookie of 24 bytes.
 */
export const browserHeaders: BrowserHeaders = kept;

/** The header lines of a head, without request line or pseudo-headers. */
export function linesOf(head: readonly string[]): readonly HeaderLine[] {
  return head.flatMap((line): HeaderLine[] => {
    const at = line.indexOf(': ');
    return at > 0 && !line.startsWith(':') ? [[line.slice(0, at), line.slice(at + 2)]] : [];
  });
}

const lines = new Map(
  carriers.flatMap((carrier) =>
    requestKinds.map((kind) => [`${carrier} ${kind}`, linesOf(browserHeaders.heads[carrier][kind] ?? [])] as const),
  ),
);

/** The browser's headers for a request, in its order and case. A WebSocket beside HTTP/2 uses HTTP/1.1 over TLS. */
export function headerLines(carrier: Carrier, kind: RequestKind): readonly HeaderLine[] {
  return lines.get(`${carrier === 'h2' && kind === 'socket' ? 'https' : carrier} ${kind}`)!;
}
