import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { loopbackAddresses } from '../../network/link/client-addresses.ts';
import { loopbackPath, type Path, viaPath } from '../../network/link/path.ts';
import type { PlannedTrial } from '../plan/plan.ts';

/** Where a trial's processes are: their addresses, the path between them, and the cores of load processes. */
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
  /** How many cores load processes have: unless a plan says otherwise, each core has one. */
  readonly loadCores: number;
};

const loopback = '127.0.0.1';

/** `network`: undefined on loopback. */
export function placeOf(trial: PlannedTrial, network: IsolatedNetwork | undefined, loadCores = 1): Place {
  return {
    path: pathOf(trial, network),
    hosts: { server: network?.serverHost ?? loopback, behindProxy: loopback, relay: loopback },
    clientAddresses: network ? network.clientAddresses : addressesOnLoopback(),
    loadCores,
  };
}

/** The path between clients and server. `network`: undefined on loopback. */
export function pathOf({ via, rttMs }: PlannedTrial, network: IsolatedNetwork | undefined): Path {
  return via ? viaPath(via.url) : (network?.path ?? loopbackPath(rttMs));
}

/** On Linux all of 127.0.0.0/8 is loopback, elsewhere only 127.0.0.1. */
function addressesOnLoopback(): readonly string[] | undefined {
  return process.platform === 'linux' ? loopbackAddresses : undefined;
}
