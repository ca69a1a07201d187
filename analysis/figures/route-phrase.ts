import type { RouteRecord } from '../../results/schema/schema.ts';

/**
 * What a path goes through, as the end of a sentence: `over TLS through NGINX with 2 nodes, with a browser’s headers`.
 * `directly` for `undefined` and for a route with nothing in between.
 */
export function routePhrase(route: RouteRecord | undefined): string {
  if (!route) return 'directly';
  const way = [...encryption(route), ...proxyPhrase(route), ...nodesPhrase(route)];
  const parts = [...(way.length > 0 ? [way.join(' ')] : []), ...headersPhrase(route), ...compressionPhrase(route)];
  return parts.length === 0 ? 'directly' : parts.join(', ');
}

/** As in browsers, HTTP/2 is only used with TLS. */
function encryption({ tls, http }: RouteRecord): readonly string[] {
  const name = http === 2 ? 'HTTP/2 with TLS' : 'TLS';
  if (!tls) return [];
  return [tls.resumption ? `over ${name}` : `over ${name} without session resumption`];
}

function proxyPhrase({ proxy, nodes }: RouteRecord): readonly string[] {
  if (!proxy) return [];
  const counted = nodes === 1 ? 'one node' : `${nodes} nodes`;
  const balanced = nodes > 1 && proxy.balancing !== 'ip_hash' ? ` by ${balancingWords[proxy.balancing]}` : '';
  const wrong = proxy.mistake === null ? '' : ` and the mistake ${proxy.mistake}`;
  return [`through NGINX with ${counted}${balanced}${wrong}`];
}

/** Several nodes without a proxy of pvw: clients connect to each of them, or through the user's own, which the report names separately. */
function nodesPhrase({ proxy, nodes }: RouteRecord): readonly string[] {
  return proxy || nodes === 1 ? [] : [`to ${nodes} nodes`];
}

/** How NGINX chooses a node, in words. */
export const balancingWords: Readonly<Record<NonNullable<RouteRecord['proxy']>['balancing'], string>> = {
  ip_hash: 'address (ip_hash)',
  least_conn: 'fewest connections (least_conn)',
  round_robin: 'turns (round robin)',
};

function headersPhrase({ headers, cookieBytes }: RouteRecord): readonly string[] {
  return [
    ...(headers === 'browser' ? ['with a browser’s headers'] : []),
    ...(cookieBytes > 0 ? [`with a cookie of ${cookieBytes.toLocaleString('en-US')} bytes`] : []),
  ];
}

function compressionPhrase({ compression }: RouteRecord): readonly string[] {
  if (!compression) return [];
  return [compression.contextTakeover ? 'compressed' : 'compressed without context takeover'];
}

/** The phrase with a capital, to begin a sentence. */
export function capitalised(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}
