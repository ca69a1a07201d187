import { mostNodes } from '../network/route.ts';
import { addressText, type ListenAddress, type Via, type ViaUrl } from '../network/via.ts';
import type { Declaration } from './declaration.ts';
import type { Parse } from './options.ts';
import type { RunRequest } from './plan-request.ts';
import { notAllowed, UsageError } from './usage-error.ts';

/** What stands on the command line about a proxy or tunnel of the user's own. */
export type ViaOptions = {
  readonly listen?: readonly ListenAddress[];
  readonly via?: ViaUrl;
};

export const viaOptions: readonly Declaration[] = [
  {
    flags: '--listen <ports>',
    parse: listenAddresses,
    help: 'where servers listen for your own proxy, one each: ports of 127.0.0.1, or address:port, separated by commas; needs --via',
  },
  {
    flags: '--via <url>',
    parse: viaUrl,
    help: 'your NGINX, HAProxy, Envoy or tunnel that leads there: clients go through it. Loopback, no added round-trip time; https with a CA of your own: NODE_EXTRA_CA_CERTS',
  },
];

/** Ports or addresses with ports, separated by commas, one for each server. */
function listenAddresses(option: string): Parse<readonly ListenAddress[]> {
  return (text) => {
    const addresses = text.split(',').map((word) => listenAddress(option, word.trim()));
    if (addresses.length > mostNodes) throw notAllowed(option, text, `at most ${mostNodes} ports`);
    const [twice] = addresses.filter((address, i) => addresses.findIndex(isSame(address)) !== i);
    if (twice) throw notAllowed(option, text, 'each port once', `has ${addressText(twice)} twice`);
    return addresses;
  };
}

const isSame =
  ({ host, port }: ListenAddress) =>
  (other: ListenAddress) =>
    other.host === host && other.port === port;

function listenAddress(option: string, word: string): ListenAddress {
  const match = /^(?:(\d{1,3}(?:\.\d{1,3}){3}):)?(\d{1,5})$/.exec(word);
  const [, host = '127.0.0.1', digits] = match ?? [];
  const port = Number(digits);
  const octets = host.split('.').map(Number);
  if (!(port >= 1 && port <= 65_535) || octets.some((octet) => octet > 255)) {
    throw notAllowed(option, word, 'a port from 1 to 65535, or an IPv4 address with one, such as 0.0.0.0:8081');
  }
  return { host, port };
}

const defaultPorts = { 'http:': 80, 'https:': 443 } as const;

/** An origin: what is behind its path is for the servers to say. */
function viaUrl(option: string): Parse<ViaUrl> {
  const allowed = 'an http or https URL without a path, such as http://127.0.0.1:8080';
  return (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const usual = url && defaultPorts[url.protocol as keyof typeof defaultPorts];
    if (!url || usual === undefined) throw notAllowed(option, text, allowed);
    const beyond = url.username || url.password || url.search || url.hash || (url.pathname !== '/' && url.pathname);
    if (beyond) throw notAllowed(option, text, allowed, 'is more than an origin');
    if (url.hostname.startsWith('['))
      throw notAllowed(option, text, 'a host name or an IPv4 address', 'is not allowed');
    return {
      url: url.origin,
      host: url.hostname,
      port: url.port === '' ? usual : Number(url.port),
      encrypted: url.protocol === 'https:',
    };
  };
}

/** Options that say what the path is like. The user's own is what it is. */
const ofOurPath = {
  rtt: '--rtt',
  jitter: '--jitter',
  bandwidth: '--bandwidth',
  loss: '--loss',
  link: '--link',
  paths: '--paths',
  tls: '--tls',
  proxy: '--proxy',
  nodes: '--nodes',
  balance: '--balance',
  mistake: '--mistake',
  storm: '--storm',
} as const satisfies Partial<Record<keyof RunRequest, string>>;

/** The user's own path where one is asked for. Throws `UsageError` where other options say what only it can know. */
export function viaRequested(request: RunRequest): Via | undefined {
  const { listen, via } = request;
  if (!via && !listen) return undefined;
  if (!via) {
    throw new UsageError(`--listen: ${listen!.map(addressText).join()} needs --via, the URL that leads there`);
  }
  if (!listen) throw new UsageError(`--via: ${via.url} needs --listen, the port that it leads to`);
  const names = Object.keys(ofOurPath) as (keyof typeof ofOurPath)[];
  // What says nothing (`--rtt 0`) contradicts nothing.
  const other = names.find((name) => request[name] !== undefined && request[name] !== 0);
  if (other !== undefined) {
    throw new UsageError(`${ofOurPath[other]}: cannot be used together with --via, whose path has its own`);
  }
  if (request.network === 'isolated') {
    throw new UsageError(`--network: isolated cannot reach ${via.url}, which is outside; leave it out`);
  }
  return { ...via, listen };
}
