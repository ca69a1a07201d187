import kept from './browser-headers.json' with { type: 'json' };

/** The requests of a page that follows a channel and publishes. `resume`: the events once more, after a loss. */
export const requestKinds = ['poll', 'publish', 'events', 'resume', 'socket'] as const;

export type RequestKind = (typeof requestKinds)[number];

/** What carries them: HTTP/1.1 in plain text, the same under TLS, or HTTP/2, which a WebSocket does not use. */
export const carriers = ['http', 'https', 'h2'] as const;

export type Carrier = (typeof carriers)[number];

export type HeaderLine = readonly [name: string, value: string];

/** What a browser sent, captured: `npm run browser-headers` captures anew and says what has changed. */
export type BrowserHeaders = {
  /** Its name and version. */
  readonly browser: string;
  /** Day of the capture, ISO 8601. */
  readonly capturedOn: string;
  /** Each head, line by line as it came; the request line or the pseudo-headers of HTTP/2 first. */
  readonly heads: Readonly<Record<Carrier, Readonly<Partial<Record<RequestKind, readonly string[]>>>>>;
};

/**
 * Of a headless Chromium whose names for itself were put into those of one with a window: `HeadlessChrome` is `Chrome` in
 * User-Agent and `Google Chrome` in Sec-CH-UA, where Debian's has `Chromium` alone. Everything else is as it came, with a
 * cookie of 24 bytes.
 */
export const browserHeaders: BrowserHeaders = kept;

/** The lines of a head without its first part, names and values as they came. */
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

/** What the browser sends with such a request, in its order and case. A socket beside HTTP/2 is that of HTTP/1.1 under TLS. */
export function headerLines(carrier: Carrier, kind: RequestKind): readonly HeaderLine[] {
  return lines.get(`${carrier === 'h2' && kind === 'socket' ? 'https' : carrier} ${kind}`)!;
}
