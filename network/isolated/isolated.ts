import { existsSync, readFileSync } from 'node:fs';
import { isolatedAddresses } from '../link/client-addresses.ts';
import {
  clientAddressLines,
  clientAddressRoute,
  clientHost,
  directCable,
  innerDevice,
  innerEnd,
  offloadCommand,
  outerDevice,
  relayCables,
  routeCommand,
  type Side,
  serverHost,
  tunnelEnd,
  underlays,
  wrappingBytes,
} from '../link/link-plan.ts';
import { bandwidthFrom, type Delay, isolatedPath, type LinkConditions, needsDelay, type Path } from '../link/path.ts';
import { bandwidthCommand, netemCommand } from '../link/shaping.ts';
import { type PacketCounters, readPackets } from './interface-counters.ts';
import { holdNamespace, type Namespace } from './namespace.ts';
import { NetworkRefused } from './refusal.ts';
import { type Cores, steer } from './steering.ts';

/** How to build an isolated network. */
export type IsolatedOptions = {
  readonly link: LinkConditions;
  /** The cores of both sides; null: processes are not pinned, so packets cannot be steered. */
  readonly cores: Cores | null;
  /** How to make the delay, in place of the best way that the machine offers. */
  readonly delay?: Exclude<Delay, 'none'>;
  /** Use a user namespace even where root does not need one. */
  readonly unprivileged?: boolean;
  /** Give clients addresses in many networks, for a proxy that balances by address. */
  readonly manyClientAddresses?: boolean;
};

/** Two hosts of their own on this machine, joined by a cable. Namespaces hold everything that was created. */
export type IsolatedNetwork = {
  readonly path: Path;
  readonly serverHost: string;
  readonly clientHost: string;
  /** Addresses that clients may bind to; undefined: their host has a single address. */
  readonly clientAddresses?: readonly string[];
  /** Command prefixes that run a command on a host. Without a tunnel, the relay runs on the client's host. */
  readonly enter: Readonly<Record<Side | 'relay', readonly string[]>>;
  /** Whether each side's network work runs on its own cores, so that a core's busy time belongs to that side. */
  readonly attributed: boolean;
  readonly readPackets: () => PacketCounters;
  /** Ends the namespaces and with them everything inside. */
  readonly close: () => Promise<void>;
};

/** Congestion control of results unless the machine lacks it: the default of Linux, so of most Internet servers. */
const wantedCongestionControl = 'cubic';

/**
 * Builds an isolated network. Rejects with `NetworkRefused` where the system does not allow it, and leaves nothing
 * behind.
 */
export async function openIsolatedNetwork(options: IsolatedOptions): Promise<IsolatedNetwork> {
  if (options.unprivileged !== true && process.getuid?.() === 0) {
    try {
      return await build(options, false);
    } catch (error) {
      // Root in a container may be refused a network namespace and still be allowed a user namespace.
      if (!(error instanceof NetworkRefused)) throw error;
      return await build(options, true).catch(() => Promise.reject(error));
    }
  }
  return await build(options, true);
}

async function build(options: IsolatedOptions, unprivileged: boolean): Promise<IsolatedNetwork> {
  const held: Namespace[] = [];
  const hold = async (): Promise<Namespace> => {
    const namespace = await holdNamespace({ unprivileged, ...(held[0] && { within: held[0] }) });
    held.push(namespace);
    quieten(namespace);
    return namespace;
  };
  const close = async () => {
    await Promise.all(held.map((namespace) => namespace.close()));
  };
  try {
    const sides: Sides = { server: await hold(), client: await hold() };
    const delay = options.delay ?? chooseDelay(options.link, sides.server);
    const relay = delay === 'vxlan-relay' ? await hold() : undefined;
    return { ...assemble(options, sides, relay, delay, unprivileged), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Sides = Readonly<Record<Side, Namespace>>;

function assemble(
  { link, cores, manyClientAddresses }: IsolatedOptions,
  sides: Sides,
  relay: Namespace | undefined,
  delay: Delay,
  unprivileged: boolean,
): Omit<IsolatedNetwork, 'close'> {
  if (relay) tunnel(sides, relay);
  else connect(sides);
  shape(sides, link, delay);
  const congestionControl = pinCongestionControl(sides);
  if (manyClientAddresses) addClientAddresses(sides, congestionControl);
  const steered = unprivileged
    ? 'without privilege, receive packet steering is not permitted'
    : steer(sides, relay, cores);
  const counted = relay ? { device: outerDevice, wrappingBytes } : { device: innerDevice, wrappingBytes: 0 };
  const ends = { server: { pid: sides.server.pid, ...counted }, client: { pid: sides.client.pid, ...counted } };
  return {
    path: isolatedPath(link, delay, congestionControl, caveatsOf(steered, congestionControl)),
    serverHost,
    clientHost,
    ...(manyClientAddresses && { clientAddresses: isolatedAddresses }),
    enter: { server: sides.server.enter, client: sides.client.enter, relay: (relay ?? sides.client).enter },
    attributed: steered === undefined,
    readPackets: () => readPackets(ends.server, ends.client),
  };
}

/** Prefers the kernel's emulator (netem), then a relay of packets (VXLAN), then a relay of TCP bytes. */
function chooseDelay(link: LinkConditions, namespace: Namespace): Delay {
  if (!needsDelay(link)) return 'none';
  if (allowed(() => namespace.run(netemCommand('lo', link)))) {
    namespace.run(['tc', 'qdisc', 'del', 'dev', 'lo', 'root']);
    return 'netem';
  }
  const trial = 'link add probe type vxlan id 2 dstport 4790\nlink delete probe\n';
  if (allowed(() => namespace.run(['ip', '-batch', '-'], trial))) return 'vxlan-relay';
  if (link.jitterMs === 0 && link.lossShare === 0) return 'tcp-relay';
  throw new NetworkRefused('neither netem nor vxlan in this kernel, so neither jitter nor loss');
}

/** Turns off IPv6, which would send packets of its own, and the cache of earlier connections' TCP metrics. */
function quieten(namespace: Namespace): void {
  const settings = {
    ...(existsSync('/proc/sys/net/ipv6') && {
      'net.ipv6.conf.all.disable_ipv6': '1',
      'net.ipv6.conf.default.disable_ipv6': '1',
    }),
    'net.ipv4.tcp_no_metrics_save': '1',
    // The machine's range of local ports, which bounds the number of clients.
    'net.ipv4.ip_local_port_range': readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim(),
  };
  namespace.run(['sysctl', '-q', '-w', ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)]);
}

function connect({ server, client }: Sides): void {
  server.run(['ip', '-batch', '-'], directCable(client.pid) + innerEnd('server'));
  client.run(['ip', '-batch', '-'], innerEnd('client'));
  for (const side of [server, client]) side.run(offloadCommand(innerDevice));
}

function tunnel(sides: Sides, relay: Namespace): void {
  relay.run(['ip', '-batch', '-'], relayCables({ server: sides.server.pid, client: sides.client.pid }));
  for (const side of ['server', 'client'] as const) {
    sides[side].run(['ip', '-batch', '-'], tunnelEnd(side) + innerEnd(side));
    for (const device of [innerDevice, outerDevice]) sides[side].run(offloadCommand(device));
    relay.run(offloadCommand(underlays[side].device));
  }
}

function shape(sides: Sides, link: LinkConditions, delay: Delay): void {
  for (const side of ['server', 'client'] as const) {
    const bandwidthBitsPerSecond = bandwidthFrom(side, link);
    if (delay === 'netem') sides[side].run(netemCommand(innerDevice, { ...link, bandwidthBitsPerSecond }));
    else if (bandwidthBitsPerSecond !== null) sides[side].run(bandwidthCommand(innerDevice, bandwidthBitsPerSecond));
  }
}

/**
 * Sets congestion control by the route, which decides for both ends of its connections. As a sysctl of the namespace it
 * is refused unless the administrator allowed the algorithm for everyone. Returns the congestion control in effect.
 */
function pinCongestionControl(sides: Sides): string {
  const pin = (side: Side) => sides[side].run(routeCommand(side, wantedCongestionControl));
  const pinned = allowed(() => pin('server')) && allowed(() => pin('client'));
  return pinned ? wantedCongestionControl : readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim();
}

function addClientAddresses({ server, client }: Sides, congestionControl: string): void {
  client.run(['ip', '-batch', '-'], clientAddressLines());
  server.run(clientAddressRoute(congestionControl === wantedCongestionControl ? congestionControl : undefined));
}

function caveatsOf(notSteered: string | undefined, congestionControl: string): readonly string[] {
  return [
    ...(notSteered === undefined ? [] : [`Host CPU of the server: not available (${notSteered}).`]),
    ...(congestionControl === wantedCongestionControl
      ? []
      : [`Congestion control is ${congestionControl}: ${wantedCongestionControl} is not available here.`]),
  ];
}

/** Whether the system allows the step; errors other than `NetworkRefused` pass through. */
function allowed(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof NetworkRefused) return false;
    throw error;
  }
}
