/** How NGINX chooses a node: by the first three octets of the client's address, by fewest connections, or in turn. */
export const balancings = ['ip_hash', 'least_conn', 'round_robin'] as const;

export type Balancing = (typeof balancings)[number];

export const usualBalancing: Balancing = 'ip_hash';

/** NGINX configurations with one frequent mistake. */
export const mistakes = ['no-upgrade-headers', 'buffered-sse', 'short-read-timeout', 'no-upstream-keepalive'] as const;

export type Mistake = (typeof mistakes)[number];

/** Headers of requests beyond those that the contract needs: none, or those of a current Chrome. */
export const headerProfiles = ['minimal', 'browser'] as const;

export type HeaderProfile = (typeof headerProfiles)[number];

/** NGINX in front of the nodes. */
export type ReverseProxy = {
  readonly kind: 'nginx';
  readonly balancing: Balancing;
  readonly mistake: Mistake | null;
};

/** What a path goes through besides its link. Plain data: part of plan, records and messages between processes. */
export type Route = {
  /** null: plain text. `resumption`: whether a returning client continues its TLS session (RFC 8446, 2.2). */
  readonly tls: { readonly resumption: boolean } | null;
  /** HTTP version between the client and what it connects to. WebSocket always upgrades from HTTP/1.1. */
  readonly http: 1 | 2;
  readonly proxy: ReverseProxy | null;
  /** Servers that expose the same stream. Without a proxy in front each client connects to one of them, in turn. */
  readonly nodes: number;
  readonly headers: HeaderProfile;
  /** Length of the `Cookie` header's value in bytes; 0: no cookie. */
  readonly cookieBytes: number;
  /** null: none. `contextTakeover`: whether a WebSocket message may refer to earlier ones (RFC 7692, 7.1.1). */
  readonly compression: { readonly contextTakeover: boolean } | null;
};

/** Clients connect to a single node in plain HTTP/1.1. */
export const directRoute: Route = {
  tls: null,
  http: 1,
  proxy: null,
  nodes: 1,
  headers: 'minimal',
  cookieBytes: 0,
  compression: null,
};

/** More than enough for the clients that fit on one machine: a node has room for some 12,000. */
export const mostNodes = 64;

/** Nodes behind `--proxy` unless given: the smallest number that leaves a choice. */
export const usualNodes = 2;

const encrypted: Route = { ...directRoute, tls: { resumption: true } };
const proxied: Route = { ...directRoute, proxy: { kind: 'nginx', balancing: usualBalancing, mistake: null } };

/**
 * The paths compared side by side. Each has a partner that differs in one property. NGINX therefore stands in front of
 * one node, which shows its own cost, and once in front of several, as it is deployed; that path also adds nodes and
 * the backplane.
 */
export const comparedRoutes: readonly Route[] = [
  directRoute,
  encrypted,
  proxied,
  { ...proxied, tls: encrypted.tls },
  { ...proxied, nodes: usualNodes },
  { ...encrypted, http: 2 },
  { ...directRoute, headers: 'browser' },
  { ...directRoute, compression: { contextTakeover: true } },
];

/**
 * Name of a route in texts and records: `direct`, `tls`, `nginx`, `nginx-2-nodes`, `nginx+tls`, `h2`, `compressed` …
 */
export function routeName({ tls, http, proxy, nodes, headers, cookieBytes, compression }: Route): string {
  const parts = [
    ...(proxy ? [proxyName(proxy, nodes)] : []),
    // Several nodes without our proxy: the user's own stands in front, or clients connect to each of them.
    ...(!proxy && nodes > 1 ? [`${nodes}-nodes`] : []),
    ...(proxy && proxy.balancing !== 'ip_hash' ? [proxy.balancing] : []),
    ...(http === 2 ? ['h2'] : tls ? ['tls'] : []),
    ...(tls && !tls.resumption ? ['no-resumption'] : []),
    ...(headers === 'browser' ? ['browser-headers'] : []),
    ...(cookieBytes > 0 ? [`cookie-${cookieBytes}`] : []),
    ...(compression ? [compression.contextTakeover ? 'compressed' : 'compressed-no-takeover'] : []),
  ];
  return parts.length === 0 ? 'direct' : parts.join('+');
}

/** `nginx` with one node, `nginx-2-nodes` with more, `nginx-2-nodes:buffered-sse` with a mistake. */
function proxyName({ kind, mistake }: ReverseProxy, nodes: number): string {
  const counted = nodes === 1 ? kind : `${kind}-${nodes}-nodes`;
  return mistake === null ? counted : `${counted}:${mistake}`;
}

/** Whether nothing lies between clients and server. Records and texts then omit the route. */
export function isDirect(route: Route): boolean {
  return routeName(route) === 'direct';
}

/** Caveats of figures measured over a route. `comesBack`: whether clients are cut off on purpose and reconnect. */
export function routeCaveats({ tls }: Route, comesBack: boolean): readonly string[] {
  return tls && !comesBack ? [firstHandshakes] : [];
}

const firstHandshakes =
  'Whether TLS sessions are resumed shows only where clients come back (--storm): what connecting costs here is whole ' +
  'handshakes either way.';
