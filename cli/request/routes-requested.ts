import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import { directRoute, type ReverseProxy, type Route, usualBalancing, usualNodes } from '../../network/route/route.ts';
import type { Via } from '../../network/route/via.ts';
import type { Transport } from '../../protocol/transport.ts';
import { UsageError } from '../../text/usage-error.ts';
import { flagOf } from '../options/declaration.ts';
import { type RouteOptions, routeOptions } from '../options/route-options.ts';

/**
 * The paths that the options describe, at least one. With `via` it is the user's own path: the URL decides whether it
 * is encrypted, and each address in `via.listen` is a server. Throws `UsageError` if options contradict each other.
 */
export function routesRequested(given: RouteOptions, transports: readonly Transport[], via?: Via): readonly Route[] {
  const routes = given.paths ? listedRoutes(given.paths, given) : [singleRoute(given, via)];
  for (const route of routes) checkTransports(route, transports);
  return routes;
}

/** Whether an option describes the path; a profile's own paths give way to it. */
export function asksForPath(given: RouteOptions): boolean {
  return given.paths !== undefined || singlesIn(given).length > 0;
}

function singlesIn(given: RouteOptions): readonly Single[] {
  return singles.filter((name) => given[name] !== undefined);
}

function listedRoutes(routes: readonly Route[], given: RouteOptions): readonly Route[] {
  const [other] = singlesIn(given);
  if (other === undefined) return routes;
  throw new UsageError(`--paths: cannot be used together with ${flagOf(other)}; join words with +`);
}

type Single = Exclude<keyof RouteOptions, 'paths'>;

/** Options that describe one path. */
const singles = Object.keys(routeOptions).filter((key): key is Single => key !== 'paths');

function singleRoute(given: RouteOptions, via: Via | undefined): Route {
  const http = given.http === '2' ? 2 : 1;
  if (via && http === 2) needs(given, 'http', via.encrypted, 'an https URL in --via');
  const encrypted = via ? via.encrypted : given.tls === true || http === 2;
  needs(given, 'tlsResumption', encrypted, via ? 'an https URL in --via' : '--tls');
  needs(given, 'balance', given.proxy !== undefined, '--proxy nginx');
  needs(given, 'mistake', given.proxy !== undefined, '--proxy nginx, whose configuration it is in');
  needs(given, 'compressionContext', given.compression === true, '--compression');
  return {
    ...directRoute,
    tls: encrypted ? { resumption: given.tlsResumption !== 'off' } : null,
    http,
    proxy: proxyOf(given),
    nodes: via ? via.listen.length : (given.nodes ?? (given.proxy ? usualNodes : directRoute.nodes)),
    headers: given.headers ?? directRoute.headers,
    cookieBytes: given.cookieBytes ?? directRoute.cookieBytes,
    compression: given.compression ? { contextTakeover: given.compressionContext !== 'off' } : null,
  };
}

function proxyOf({ proxy, balance, mistake }: RouteOptions): ReverseProxy | null {
  return proxy ? { kind: proxy, balancing: balance ?? usualBalancing, mistake: mistake ?? null } : null;
}

function needs(given: RouteOptions, option: Single, there: boolean, what: string): void {
  if (given[option] === undefined || there) return;
  throw new UsageError(`${flagOf(option)}: ${given[option]} needs ${what}`);
}

function checkTransports({ http, proxy }: Route, transports: readonly Transport[]): void {
  if (http === 2 && transports.every((transport) => transport === 'websocket')) {
    throw new UsageError('--http: 2 is not for websocket, which starts by HTTP/1.1’s upgrade; add another transport');
  }
  const mistake = proxy?.mistake ?? null;
  if (mistake === null) return;
  const { hits } = mistakeTexts[mistake];
  if (hits.some((transport) => transports.includes(transport))) return;
  throw new UsageError(`--mistake: ${mistake} shows only with ${hits.join(' or ')}; add it to --transport`);
}
