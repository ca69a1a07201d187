import { isolatedAddresses, isolatedClients } from './client-addresses.ts';

/**
 * Addresses and device commands of the two layouts of an isolated network: a direct cable, or a tunnel through a relay.
 * They cannot clash with the machine's own, since they exist only inside our namespaces.
 */

/** As long as `127.0.0.1`, so that `Host` headers, and with them all bytes, equal those on loopback. */
export const serverHost = '10.0.0.11';
export const clientHost = '10.0.0.12';

/** The device over which clients and server talk, in both namespaces. */
export const innerDevice = 'inner';
/** The device that carries the tunnel of a relayed path, in both namespaces. */
export const outerDevice = 'outer';

/** Bytes that the tunnel adds to a frame: Ethernet 14, IPv4 20, UDP 8, VXLAN 8 (RFC 7348). */
export const wrappingBytes = 50;
const innerMtu = 1500;
const outerMtu = innerMtu + wrappingBytes;
const vxlanPort = 4789;

const innerMac = { server: '02:00:00:00:00:01', client: '02:00:00:00:00:02' } as const;

export type Side = 'server' | 'client';

const hosts: Readonly<Record<Side, string>> = { server: serverHost, client: clientHost };
const other: Readonly<Record<Side, Side>> = { server: 'client', client: 'server' };

/** The cable between the relay's namespace and one side's. */
type Underlay = {
  /** The device in the relay's namespace. */
  readonly device: string;
  readonly host: string;
  readonly relayHost: string;
  readonly mac: string;
  readonly relayMac: string;
};

/** The cables of a relayed path, by side. */
export const underlays: Readonly<Record<Side, Underlay>> = {
  server: {
    device: 'to-server',
    host: '10.0.1.2',
    relayHost: '10.0.1.1',
    mac: '02:00:00:00:01:02',
    relayMac: '02:00:00:00:01:01',
  },
  client: {
    device: 'to-client',
    host: '10.0.2.2',
    relayHost: '10.0.2.1',
    mac: '02:00:00:00:02:02',
    relayMac: '02:00:00:00:02:01',
  },
};

/** Both ends of the tunnel, as the relay needs them. */
export const tunnelSides = { client: underlays.client, server: underlays.server, port: vxlanPort } as const;

/** Input of `ip -batch`, run on the server's side: a cable to the client's namespace. */
export function directCable(clientPid: number): string {
  return lines(
    `link add ${innerDevice} mtu ${innerMtu} address ${innerMac.server} type veth ` +
      `peer name ${innerDevice} mtu ${innerMtu} address ${innerMac.client} netns ${clientPid}`,
  );
}

/** Input of `ip -batch`, run in the relay's namespace: a cable to each side. */
export function relayCables(pids: Readonly<Record<Side, number>>): string {
  const sides: readonly Side[] = ['server', 'client'];
  return lines(
    'link set lo up',
    ...sides.flatMap((side) => {
      const { device, host, relayHost, mac, relayMac } = underlays[side];
      return [
        `link add ${device} mtu ${outerMtu} address ${relayMac} type veth ` +
          `peer name ${outerDevice} mtu ${outerMtu} address ${mac} netns ${pids[side]}`,
        `address add ${relayHost}/30 dev ${device}`,
        `link set ${device} up`,
        `neighbour add ${host} lladdr ${mac} dev ${device} nud permanent`,
      ];
    }),
  );
}

/**
 * Input of `ip -batch`, run on one side of a relayed path: its end of the tunnel. Each side takes the relay for the
 * other end.
 */
export function tunnelEnd(side: Side): string {
  const { host, relayHost, relayMac } = underlays[side];
  return lines(
    `address add ${host}/30 dev ${outerDevice}`,
    `link set ${outerDevice} up`,
    `neighbour add ${relayHost} lladdr ${relayMac} dev ${outerDevice} nud permanent`,
    `link add ${innerDevice} mtu ${innerMtu} address ${innerMac[side]} type vxlan id 1 local ${host} ` +
      `remote ${relayHost} dstport ${vxlanPort} dev ${outerDevice} nolearning noudpcsum`,
  );
}

/**
 * Input of `ip -batch`, run on each side once its inner device exists: its address, and a permanent neighbour instead
 * of ARP.
 */
export function innerEnd(side: Side): string {
  return lines(
    'link set lo up',
    `address add ${hosts[side]}/24 dev ${innerDevice}`,
    `link set ${innerDevice} up`,
    `neighbour add ${hosts[other[side]]} lladdr ${innerMac[other[side]]} dev ${innerDevice} nud permanent`,
  );
}

/** Command for the route to the other side, with the congestion control of all connections over it. */
export function routeCommand(side: Side, congestionControl: string): readonly string[] {
  const route = ['10.0.0.0/24', 'dev', innerDevice, 'src', hosts[side]];
  return ['ip', 'route', 'replace', ...route, 'congctl', congestionControl];
}

/** Input of `ip -batch`, run on the client's side: further addresses of its own. */
export function clientAddressLines(): string {
  return lines(...isolatedAddresses.map((address) => `address add ${address}/32 dev ${innerDevice}`));
}

/** Command for the server's side: the way back to those addresses, with the congestion control of the other route. */
export function clientAddressRoute(congestionControl: string | undefined): readonly string[] {
  const route = [isolatedClients, 'via', clientHost, 'dev', innerDevice, 'src', serverHost];
  return ['ip', 'route', 'add', ...route, ...(congestionControl === undefined ? [] : ['congctl', congestionControl])];
}

/**
 * Command that turns offloads off: segmentation offload hides packets, and a checksum left to hardware does not survive
 * a relay.
 */
export function offloadCommand(device: string): readonly string[] {
  return ['ethtool', '-K', device, 'tx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'];
}

function lines(...each: readonly string[]): string {
  return `${each.join('\n')}\n`;
}
