import { mistakeTexts } from '../network/nginx-mistakes.ts';
import {
  type Balancing,
  balancings,
  type HeaderProfile,
  headerProfiles,
  type Mistake,
  mistakes,
  mostNodes,
  type Route,
  usualNodes,
} from '../network/route.ts';
import type { Declaration } from './declaration.ts';
import { oneOf, wholeNumber } from './options.ts';
import { pathList, pathWords } from './path-list.ts';

/** What stands on the command line about the path, beside its link. */
export type RouteOptions = {
  readonly paths?: readonly Route[];
  readonly tls?: true;
  readonly tlsResumption?: 'on' | 'off';
  readonly http?: '1' | '2';
  readonly proxy?: 'nginx';
  readonly nodes?: number;
  readonly balance?: Balancing;
  readonly mistake?: Mistake;
  readonly headers?: HeaderProfile;
  readonly cookieBytes?: number;
  readonly compression?: true;
  readonly compressionContext?: 'on' | 'off';
};

const onOff = ['on', 'off'] as const;
/** What servers and proxies take as one header line by default. */
const mostCookieBytes = 4_000;

function mistakesText(): string {
  return mistakes.map((name) => `${name} (${mistakeTexts[name].title.toLowerCase()})`).join(', ');
}

export const routeOptions: readonly Declaration[] = [
  {
    flags: '--paths <list>',
    parse: pathList,
    help: `several paths side by side: ${pathWords.join(',')}, or all; join words with + (nginx+tls); verdicts are about the first`,
  },
  { flags: '--tls', help: 'https and wss, TLS 1.3 with a certificate made for each trial (default: plain text)' },
  {
    flags: '--tls-resumption <on|off>',
    parse: (option) => oneOf(option, onOff),
    help: 'whether a client that reconnects continues its TLS session (default: on); shows only where clients come back (--storm)',
  },
  {
    flags: '--http <version>',
    parse: (option) => oneOf(option, ['1', '2']),
    help: "1 or 2 for polling and SSE (default: 1); 2 brings TLS along, and leaves WebSocket on HTTP/1.1's upgrade",
  },
  {
    flags: '--proxy <name>',
    parse: (option) => oneOf(option, ['nginx']),
    help: 'nginx: a real one in front of --nodes servers (default: none); --paths nginx has one',
  },
  {
    flags: '--nodes <number>',
    parse: (option) => wholeNumber(option, 1, mostNodes),
    help: `servers behind the proxy that expose the same stream (default: ${usualNodes})`,
  },
  {
    flags: '--balance <method>',
    parse: (option) => oneOf(option, balancings),
    help: `how the proxy spreads clients: ${balancings.join(', ')} (default: ip_hash)`,
  },
  {
    flags: '--mistake <name>',
    parse: (option) => oneOf(option, mistakes),
    help: `one thing wrong in the proxy's configuration, to see what it does: ${mistakesText()}`,
  },
  {
    flags: '--headers <profile>',
    parse: (option) => oneOf(option, headerProfiles),
    help: 'minimal, or browser: what a current Chrome sends (default: minimal)',
  },
  {
    flags: '--cookie-bytes <number>',
    parse: (option) => wholeNumber(option, 0, mostCookieBytes),
    help: 'a cookie of this size with every request (default: 0, none)',
  },
  { flags: '--compression', help: 'permessage-deflate for WebSocket, gzip for the others (default: none)' },
  {
    flags: '--compression-context <on|off>',
    parse: (option) => oneOf(option, onOff),
    help: 'whether a WebSocket message may refer to earlier ones, which costs memory (default: on)',
  },
];
