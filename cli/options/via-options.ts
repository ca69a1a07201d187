import { mostNodes } from '../../network/route/route.ts';
import { addressText, type ListenAddress, type ViaUrl } from '../../network/route/via.ts';
import { notAllowed } from '../../text/usage-error.ts';
import type { Parse } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';

/** Options for the user's own proxy or tunnel. */
export const viaOptions = {
  listen: {
    takes: '<ports>',
    parse: listenAddresses,
    help: 'where servers listen for your own proxy, one each: ports of 127.0.0.1, or address:port, separated by commas; needs --via',
    kind: 'route',
  },
  via: {
    takes: '<url>',
    parse: viaUrl,
    help: 'your NGINX, HAProxy, Envoy or tunnel that leads there: clients go through it. Loopback, no added round-trip time; https with a CA of your own: NODE_EXTRA_CA_CERTS',
    kind: 'route',
  },
} as const satisfies RunDeclarations;

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

/** An origin without a path, since the servers define the paths. */
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
