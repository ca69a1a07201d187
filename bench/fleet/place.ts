import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { loopbackAddresses } from '../../network/link/client-addresses.ts';
import { loopbackPath, type Path, viaPath } from '../../network/link/path.ts';
import type { PlannedTrial } from '../plan/plan.ts';

/** The addresses of a trial's processes, and the path between them. */
export type Place = {
  readonly path: Path;
  /** Addresses both to listen on and to connect to. */
  readonly hosts: {
    /** The server, or the proxy in front of the servers: where clients connect. */
    readonly server: string;
    /** A server behind a proxy on the same host. */
    readonly behindProxy: string;
    /** A relay of connections, on the host of the clients. */
    readonly relay: string;
  };
  /**
   * Source addresses that clients take in turn, for proxies that balance by address; undefined: all have the same
   * address.
   */
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

/** On Linux all of 127.0.0.0/8 is loopback, elsewhere only 127.0.0.1. */
function addressesOnLoopback(): readonly string[] | undefined {
  return process.platform === 'linux' ? loopbackAddresses : undefined;
}
