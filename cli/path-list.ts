import { directRoute, type Route } from '../network/route.ts';
import { type Parse, unknownName } from './options.ts';

/** The paths that the report's table compares, as they are called everywhere. */
export const pathWords = ['direct', 'tls', 'nginx', 'nginx+tls', 'h2', 'browser-headers', 'compressed'] as const;

/** What NGINX stands in front of unless it is said: the fewest among which there is a choice. */
export const usualNodes = 2;

const steps: Readonly<Record<string, (route: Route) => Route>> = {
  direct: (route) => route,
  tls: (route) => ({ ...route, tls: { resumption: true } }),
  nginx: (route) => ({ ...route, proxy: { kind: 'nginx', balancing: 'ip_hash', mistake: null }, nodes: usualNodes }),
  h2: (route) => ({ ...route, tls: { resumption: true }, http: 2 }),
  'browser-headers': (route) => ({ ...route, headers: 'browser' }),
  compressed: (route) => ({ ...route, compression: { contextTakeover: true } }),
};

/** Names of paths separated by commas, each once, in the order given; `all` is the whole table. */
export function pathList(option: string): Parse<readonly Route[]> {
  return (text) => {
    const names = text === 'all' ? pathWords : text.split(',').map((name) => name.trim());
    return [...new Set(names)].map((name) => namedRoute(option, name));
  };
}

function namedRoute(option: string, name: string): Route {
  return name.split('+').reduce((route, word) => {
    const step = Object.hasOwn(steps, word) ? steps[word] : undefined;
    if (!step) throw unknownName(option, word, Object.keys(steps), ', joined with +, separated by commas, or all');
    return step(route);
  }, directRoute);
}
