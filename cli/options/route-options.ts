import { storms } from '../../bench/plan/plan.ts';
import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import {
  balancings,
  directRoute,
  headerProfiles,
  mistakes,
  mostNodes,
  usualBalancing,
  usualNodes,
} from '../../network/route/route.ts';
import type { OptionsOf } from './declaration.ts';
import { oneOf, wholeNumber } from './options.ts';
import { pathList, pathWords } from './path-list.ts';
import type { RunDeclarations } from './run-declaration.ts';

const onOff = ['on', 'off'] as const;
/** Largest cookie in bytes that servers and proxies accept in one header line by default. */
const mostCookieBytes = 4_000;

function mistakesText(): string {
  return mistakes.map((name) => `${name} (${mistakeTexts[name].title.toLowerCase()})`).join(', ');
}

/** Options for what lies on the path besides the link. */
export const routeOptions = {
  paths: {
    takes: '<list>',
    parse: pathList,
    help: `several paths side by side: ${pathWords.join(',')}, or all; join words with + (nginx+tls); verdicts are about the first`,
    kind: 'route',
  },
  tls: {
    help: 'https and wss, TLS 1.3 with a certificate made for each trial',
    default: 'plain text',
    kind: 'route',
  },
  tlsResumption: {
    takes: '<on|off>',
    parse: (flag) => oneOf(flag, onOff),
    help: 'whether a client that reconnects continues its TLS session',
    default: 'on',
    caveat: 'shows only where clients come back (--storm)',
    kind: 'route',
  },
  http: {
    takes: '<version>',
    parse: (flag) => oneOf(flag, ['1', '2'] as const),
    help: '1 or 2 for polling and SSE',
    default: String(directRoute.http),
    caveat: "2 brings TLS along, and leaves WebSocket on HTTP/1.1's upgrade",
    kind: 'route',
  },
  proxy: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, ['nginx'] as const),
    help: 'nginx: a real one in front of --nodes servers',
    default: 'none',
    caveat: '--paths nginx has one',
    kind: 'route',
  },
  nodes: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, 1, mostNodes),
    help: 'servers that expose the same stream; without a proxy clients connect to each in turn',
    default: `${directRoute.nodes}, behind a proxy ${usualNodes}`,
    kind: 'route',
  },
  balance: {
    takes: '<method>',
    parse: (flag) => oneOf(flag, balancings),
    help: `how the proxy spreads clients: ${balancings.join(', ')}`,
    default: usualBalancing,
    kind: 'route',
  },
  mistake: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, mistakes),
    help: `one thing wrong in the proxy's configuration, to see what it does: ${mistakesText()}`,
    kind: 'route',
  },
  headers: {
    takes: '<profile>',
    parse: (flag) => oneOf(flag, headerProfiles),
    help: 'minimal, or browser: what a current Chrome sends',
    default: directRoute.headers,
    kind: 'route',
  },
  cookieBytes: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, 0, mostCookieBytes),
    help: 'a cookie of this size with every request',
    default: `${directRoute.cookieBytes}, none`,
    kind: 'route',
  },
  compression: {
    help: 'permessage-deflate for WebSocket, gzip for the others',
    default: 'none',
    kind: 'route',
  },
  compressionContext: {
    takes: '<on|off>',
    parse: (flag) => oneOf(flag, onOff),
    help: 'whether a WebSocket message may refer to earlier ones, which costs memory',
    default: 'on',
    kind: 'route',
  },
} as const satisfies RunDeclarations;

export type RouteOptions = OptionsOf<typeof routeOptions>;

/** The option for what cuts connections on the path. */
export const stormOptions = {
  storm: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, storms),
    help: `after a third of each window cut the connections: ${storms.join(' or ')}; needs --proxy nginx`,
    default: 'none',
    kind: 'trials',
  },
} as const satisfies RunDeclarations;
