/** How NGINX chooses the node for a connection: by the first three octets of the client's address, the fewest, in turn. */
export const balancings = ['ip_hash', 'least_conn', 'round_robin'] as const;

export type Balancing = (typeof balancings)[number];

export const usualBalancing: Balancing = 'ip_hash';

/** Configurations with one thing wrong, each the one that people get wrong most. */
export const mistakes = ['no-upgrade-headers', 'buffered-sse', 'short-read-timeout', 'no-upstream-keepalive'] as const;

export type Mistake = (typeof mistakes)[number];

/** What requests carry beside what the contract needs: nothing, or what a current Chrome sends. */
export const headerProfiles = ['minimal', 'browser'] as const;

export type HeaderProfile = (typeof headerProfiles)[number];

export type ReverseProxy = {
  readonly kind: 'nginx';
  readonly balancing: Balancing;
  readonly mistake: Mistake | null;
};

/** What a path goes through beside its link. Plain data: it is in the plan, in the records, and what processes are told. */
export type Route = {
  /** Null: plain text. `resumption`: whether a client that comes back continues its session (RFC 8446, 2.2). */
  readonly tls: { readonly resumption: boolean } | null;
  /** HTTP's version between the client and what it connects to. WebSocket stays on its HTTP/1.1 upgrade. */
  readonly http: 1 | 2;
  readonly proxy: ReverseProxy | null;
  /** Servers that expose the same stream; one without a proxy, which spreads the clients over them. */
  readonly nodes: number;
  readonly headers: HeaderProfile;
  /** Bytes of the `Cookie` header's value; 0: none is sent. */
  readonly cookieBytes: number;
  /** Null: none. `contextTakeover`: whether a WebSocket message may refer to the one before (RFC 7692, 7.1.1). */
  readonly compression: { readonly contextTakeover: boolean } | null;
};

export const directRoute: Route = {
  tls: null,
  http: 1,
  proxy: null,
  nodes: 1,
  headers: 'minimal',
  cookieBytes: 0,
  compression: null,
};

/** One server answers far more than the clients of one machine can ask; more nodes would only share its core. */
export const mostNodes = 8;

/** What the switch `--proxy` puts NGINX in front of unless it is said: the fewest nodes among which there is a choice. */
export const usualNodes = 2;

const encrypted: Route = { ...directRoute, tls: { resumption: true } };
const proxied: Route = { ...directRoute, proxy: { kind: 'nginx', balancing: usualBalancing, mistake: null } };

/**
 * The paths that are compared side by side, each with one that differs from it in one thing only. So NGINX stands in front
 * of one node, which leaves what it costs by itself, and once in front of several, as people deploy it: that path has the
 * further nodes beside it, and the place that orders their stream.
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

/** What a route is called everywhere: `direct`, `tls`, `nginx`, `nginx-2-nodes`, `nginx+tls`, `h2`, `compressed` … */
export function routeName({ tls, http, proxy, nodes, headers, cookieBytes, compression }: Route): string {
  const parts = [
    ...(proxy ? [proxyName(proxy, nodes)] : []),
    // Behind a proxy of the user's own.
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

/** `nginx` in front of one node, `nginx-2-nodes` of more, `nginx-2-nodes:buffered-sse` with a mistake. */
function proxyName({ kind, mistake }: ReverseProxy, nodes: number): string {
  const counted = nodes === 1 ? kind : `${kind}-${nodes}-nodes`;
  return mistake === null ? counted : `${counted}:${mistake}`;
}

/** Whether nothing lies between: that path goes without saying, in records and in texts. */
export function isDirect(route: Route): boolean {
  return routeName(route) === 'direct';
}

/** What figures measured over a route can't say. `comesBack`: clients are cut off on purpose. */
export function routeCaveats({ tls }: Route, comesBack: boolean): readonly string[] {
  return tls && !comesBack ? [firstHandshakes] : [];
}

const firstHandshakes =
  'Whether TLS sessions are resumed shows only where clients come back (--storm): what connecting costs here is whole ' +
  'handshakes either way.';
