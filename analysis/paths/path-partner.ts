import { isDeepStrictEqual } from 'node:util';
import type { RouteRecord } from '../../results/schema/schema.ts';

/** One thing in which two paths can differ. */
type PathAspect = Exclude<keyof RouteRecord, 'name'>;

/** The names of the aspects that a ratio can contain. */
export const aspectWords: Readonly<Record<PathAspect, string>> = {
  tls: 'TLS',
  http: 'HTTP/2',
  proxy: 'the proxy',
  nodes: 'the number of nodes',
  headers: 'headers',
  cookieBytes: 'cookies',
  compression: 'compression',
};

/** The path that another path's ratios are relative to. */
export type PathPartner = {
  readonly route: string;
  readonly isMain: boolean;
  /** What a ratio contains: one thing if the run has a path for that. */
  readonly differsIn: readonly PathAspect[];
};

/**
 * The path that another one is compared with, so that the ratio shows the cost of one thing. It is the first path
 * nearer to the main path that differs from this one in one thing only, such as `tls` for `h2`; if the run has none,
 * the main path. `undefined` for the main path itself, which is the first.
 */
export function partnerOf(name: string, routes: readonly RouteRecord[]): PathPartner | undefined {
  const [main] = routes;
  const route = routes.find((each) => each.name === name);
  if (!main || !route || route === main) return undefined;
  const distance = differencesOf(route, main).length;
  const nearer = routes.filter((other) => differencesOf(other, main).length < distance);
  const partner = nearer.find((other) => differencesOf(route, other).length === 1) ?? main;
  return { route: partner.name, isMain: partner === main, differsIn: differencesOf(route, partner) };
}

function differencesOf(a: RouteRecord, b: RouteRecord): readonly PathAspect[] {
  const aspects = Object.keys(aspectWords) as readonly PathAspect[];
  return aspects.filter((aspect) => !isDeepStrictEqual(a[aspect], b[aspect]));
}
