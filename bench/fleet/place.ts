import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { loopbackAddresses } from '../../network/link/client-addresses.ts';
import { loopbackPath, type Path, viaPath } from '../../network/link/path.ts';
import type { PlannedTrial } from '../plan/plan.ts';

/** Where the processes of a trial find each other, and what lies between them. */
export type Place = {
  readonly path: Path;
  /** Addresses to listen on, which are also those to connect to. */
  readonly hosts: {
    /** Of a server, or of the proxy in front of the servers: what clients connect to. */
    readonly server: string;
    /** Of a server behind a proxy on the same host. */
    readonly behindProxy: string;
    /** Of a relay of connections, which stands beside the clients. */
    readonly relay: string;
  };
  /** What clients bind to, one after the other, when a proxy looks at where they come from; undefined: they have one address. */
  readonly clientAddresses: readonly string[] | undefined;
};

const loopback = '127.0.0.1';

/** `network`: undefined on loopback. */
export function placeOf({ via, rttMs }: PlannedTrial, network: IsolatedNetwork | undefined): Place {
  return {
    path: via ? viaPath(via.url) : (network?.path ?? loopbackPath(rttMs)),
    hosts: { server: network?.serverHost ?? loopback, behindProxy: loopback, relay: loopback },
    clientAddresses: network ? network.clientAddresses : addressesOnLoopback(),
  };
}

/** Linux has all of 127.0.0.0/8 there, others 127.0.0.1 alone. */
function addressesOnLoopback(): readonly string[] | undefined {
  return process.platform === 'linux' ? loopbackAddresses : undefined;
}
