import { comparedRoutes, directRoute, type Route, routeName } from '../../network/route/route.ts';
import { unknownName } from '../../text/choices.ts';
import type { Parse } from './options.ts';

/** Names of the paths that the report's table compares. */
export const pathWords: readonly string[] = comparedRoutes.map(routeName);

const steps = new Map(
  comparedRoutes
    .filter((route) => !routeName(route).includes('+'))
    .map((route) => [routeName(route), changesOf(route)]),
);

/** Names of paths separated by commas, each once, in the order given; `all` is the whole table. */
export function pathList(option: string): Parse<readonly Route[]> {
  return (text) => {
    const names = text === 'all' ? pathWords : text.split(',').map((name) => name.trim());
    const routes = names.map((name) => namedRoute(option, name));
    return routes.filter((route, i) => routes.findIndex((other) => routeName(other) === routeName(route)) === i);
  };
}

/** `nginx+tls` combines the changes of `nginx` and of `tls`. `nginx-2-nodes` is one word. */
function namedRoute(option: string, name: string): Route {
  const changes = name.split('+').map((word) => {
    const change = steps.get(word);
    if (!change) throw unknownName(option, word, [...steps.keys()], ', joined with +, separated by commas, or all');
    return change;
  });
  return Object.assign({}, directRoute, ...changes) as Route;
}

/** Fields in which a route differs from the direct one. */
function changesOf(route: Route): Partial<Route> {
  return Object.fromEntries(
    Object.entries(route).filter(([name, value]) => value !== directRoute[name as keyof Route]),
  );
}
