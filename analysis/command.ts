import type { RouteRecord, RunRecord } from '../results/schema.ts';
import { findScenario } from '../scenarios/catalogue.ts';
import { mainRoute, routeNamed } from './routes.ts';

/** Words as a POSIX shell takes them, quoted where they have to be. */
export function shellText(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The command that measures a scenario with further options. A scenario of the user's own is known by name only, so
 * then it is the command of the run: the last of two equal options wins.
 */
export function commandFor(record: RunRecord, scenario: string, options: readonly string[]): string {
  const path = pathOptions(routeNamed(record, mainRoute(record)));
  const begin = findScenario(scenario) ? ['pvw', 'run', scenario, ...path] : record.command;
  return shellText([...begin, ...options]);
}

/** The options of `pvw run` that ask for a path: a verdict on another one would not answer the question. */
function pathOptions(route: RouteRecord | undefined): readonly string[] {
  if (!route) return [];
  const { tls, http, proxy, nodes, headers, cookieBytes, compression } = route;
  return [
    ...(http === 2 ? ['--http', '2'] : tls ? ['--tls'] : []),
    ...(tls && !tls.resumption ? ['--tls-resumption', 'off'] : []),
    ...(proxy ? ['--proxy', proxy.kind, '--nodes', String(nodes), '--balance', proxy.balancing] : []),
    ...(proxy && proxy.mistake !== null ? ['--mistake', proxy.mistake] : []),
    ...(headers === 'browser' ? ['--headers', headers] : []),
    ...(cookieBytes > 0 ? ['--cookie-bytes', String(cookieBytes)] : []),
    ...(compression ? ['--compression'] : []),
    ...(compression && !compression.contextTakeover ? ['--compression-context', 'off'] : []),
  ];
}
