import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mostNodes, type Route } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import { publishesAtAll, type Scenario } from '../../scenarios/scenario.ts';

/** What the machine allows: one process, one source address, and all together. */
export type MachineLimits = {
  /** Descriptors one process may open; `Infinity` where there is no limit. */
  readonly openFiles: number;
  /** Ports that outgoing connections from one address to one (address, port) can take. */
  readonly ephemeralPorts: number;
  /** Memory that is free or can be freed, within the limit of the control group. */
  readonly memoryBytes: number;
};

/** Descriptors that stay free in each process: its files, IPC and listening sockets, and those that are closing. */
const reservedDescriptors = 256;
/**
 * How many of the local ports connections to one destination may take. The kernel looks for a free one at random; beyond
 * half of them the search takes 2 ms instead of 0.1 (measured).
 */
const usablePortShare = 0.425;
/** A run with ten clients was seen to take 195 MB, and to be ended by the system where 150 MB were allowed. */
export const leastMemoryBytes = 512 * 2 ** 20;
/** What a client takes at both ends and in the kernel together (evidence `crowd`), and as much again for its updates. */
const bytesPerClient = 48 * 1024;
/** A relay holds both ends of a connection. */
const relayDescriptors = 2;

/**
 * Connections that one client holds, each of them a descriptor at both ends. Over HTTP a publish has a connection of
 * its own, because a POST behind a held poll would wait for it; a WebSocket carries both directions.
 */
export function connectionsPerClient(scenario: Scenario, transport: Transport): number {
  return transport !== 'websocket' && publishesAtAll(scenario) ? 2 : 1;
}

/** Addresses that clients connect to: each node, or the one proxy in front of all. */
export function destinationsOf({ proxy, nodes }: Pick<Route, 'proxy' | 'nodes'>): number {
  return proxy ? 1 : nodes;
}

/** Connections to one destination: a server is a single process, and load processes share the local ports. */
function connectionsThatFit(limits: MachineLimits): number {
  return Math.max(0, Math.min(limits.openFiles - reservedDescriptors, usablePorts(limits)));
}

function usablePorts({ ephemeralPorts }: Pick<MachineLimits, 'ephemeralPorts'>): number {
  return Math.floor(ephemeralPorts * usablePortShare);
}

/**
 * How many clients fit, by what bounds each destination and by memory. Load processes and relays do not bound them:
 * there are as many as are needed.
 */
export function clientsThatFit(
  scenario: Scenario,
  transport: Transport,
  limits: MachineLimits,
  destinations = 1,
): number {
  const each = Math.floor(connectionsThatFit(limits) / connectionsPerClient(scenario, transport));
  return Math.min(destinations * each, clientsInMemory(limits));
}

/** How many clients memory has room for, beside what a small run takes. */
export function clientsInMemory({ memoryBytes }: Pick<MachineLimits, 'memoryBytes'>): number {
  return Math.floor(Math.max(0, memoryBytes - leastMemoryBytes) / bytesPerClient);
}

/** What lies between clients and servers, as far as it takes room. `relayed`: a relay delays the path. */
type Between = { readonly destinations: number; readonly proxied: boolean; readonly relayed: boolean };

/**
 * Why a scenario's clients do not fit on this machine, in one line without the option's name: what bounds them, how many
 * fit, and the command that changes it. Undefined when they do.
 */
export function shortageOf(
  scenario: Scenario,
  transport: Transport,
  limits: MachineLimits,
  between: Between,
): string | undefined {
  const fit = clientsThatFit(scenario, transport, limits, between.destinations);
  if (scenario.clients <= fit) return undefined;
  return (
    `${scenario.clients} clients of ${scenario.name} do not fit: ${boundOf(scenario, transport, limits, between)}; ` +
    `at most ${fit} clients fit; ${remedyOf(scenario, transport, limits, between)}`
  );
}

function boundOf(scenario: Scenario, transport: Transport, limits: MachineLimits, between: Between): string {
  const { destinations, relayed } = between;
  const connections = connectionsPerClient(scenario, transport);
  if (isBoundByMemory(scenario, transport, limits, between)) {
    return (
      `${Math.floor(limits.memoryBytes / 2 ** 20)} MiB of memory are available, the processes take ` +
      `${leastMemoryBytes / 2 ** 20} and each client some ${bytesPerClient / 1024} KiB`
    );
  }
  const to = destinations === 1 ? 'the server' : `each of ${destinations} servers`;
  if (isBoundByFiles(limits)) {
    const relay = relayed ? ` and ${connections * relayDescriptors} in a relay` : '';
    const takes = `${transport} takes ${connections} ${plural(connections, 'descriptor')} a client in ${to}${relay}`;
    return `the open-files limit (ulimit -n) is ${limits.openFiles} and ${reservedDescriptors} stay reserved, ${takes}`;
  }
  return (
    `of ${limits.ephemeralPorts} local ports (net.ipv4.ip_local_port_range) connections to one server may take ` +
    `${connectionsThatFit(limits)}, ${transport} takes ${connections} a client to ${to}`
  );
}

function isBoundByMemory(
  scenario: Scenario,
  transport: Transport,
  limits: MachineLimits,
  { destinations }: Between,
): boolean {
  const roomy = { ...limits, memoryBytes: Number.POSITIVE_INFINITY };
  return clientsInMemory(limits) < clientsThatFit(scenario, transport, roomy, destinations);
}

function isBoundByFiles(limits: MachineLimits): boolean {
  return limits.openFiles - reservedDescriptors <= usablePorts(limits);
}

/** All ports that any process may use (RFC 6335, 6). */
const widestPorts = 65_536 - 1_024;

/** The commands that make room: more nodes, where they are reached directly, or a higher limit, where that is enough. */
function remedyOf(scenario: Scenario, transport: Transport, limits: MachineLimits, between: Between): string {
  if (isBoundByMemory(scenario, transport, limits, between)) {
    return 'end other programs (free -m shows what is taken), or give fewer --clients';
  }
  const connections = connectionsPerClient(scenario, transport);
  const each = Math.floor(connectionsThatFit(limits) / connections);
  const nodes = each > 0 ? Math.ceil(scenario.clients / each) : Number.POSITIVE_INFINITY;
  const needed = Math.ceil(scenario.clients / between.destinations) * connections;
  const remedies = [
    ...(!between.proxied && nodes <= mostNodes ? [`give --nodes ${nodes}`] : []),
    ...(isBoundByFiles(limits) && needed <= usablePorts(limits)
      ? [`raise the limit: ulimit -n ${needed + reservedDescriptors}`]
      : []),
    ...(!isBoundByFiles(limits) && needed <= usablePorts({ ephemeralPorts: widestPorts })
      ? ['widen the range: sysctl -w net.ipv4.ip_local_port_range="1024 65535"']
      : []),
  ];
  return remedies.length === 0 ? 'give fewer --clients' : remedies.join(', or ');
}

/**
 * As `shortageOf`, for a proxy: its one worker holds two descriptors per connection, the client's and one to a server.
 */
export function proxyShortageOf(scenario: Scenario, transport: Transport, limits: MachineLimits): string | undefined {
  const each = 2 * connectionsPerClient(scenario, transport);
  const fit = Math.max(0, Math.floor((limits.openFiles - reservedDescriptors) / each));
  if (scenario.clients <= fit) return undefined;
  return (
    `${scenario.clients} clients of ${scenario.name} do not fit: the open-files limit (ulimit -n) is ${limits.openFiles} and ` +
    `${reservedDescriptors} stay reserved, ${transport} takes ${each} descriptors a client in NGINX; at most ${fit} clients fit`
  );
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}

/**
 * Load processes needed to hold all clients, at least 1. `openFiles`: descriptors one process may open. Throws when a
 * process cannot hold even one client.
 */
export function loadShards(scenario: Scenario, transport: Transport, openFiles: number): number {
  return shards(scenario.clients, connectionsPerClient(scenario, transport), openFiles);
}

/**
 * How many load processes a trial has: `asked`, or one for each core that is theirs; at least what the descriptors need,
 * and no more than clients. Throws as `loadShards` does.
 */
export function loadProcesses(
  { scenario, transport, openFiles }: LoadNeeds,
  { asked, cores }: { readonly asked: number | undefined; readonly cores: number },
): number {
  return Math.min(scenario.clients, Math.max(asked ?? cores, loadShards(scenario, transport, openFiles)));
}

/** What decides how many load processes are needed. `openFiles`: descriptors one process may open. */
export type LoadNeeds = { readonly scenario: Scenario; readonly transport: Transport; readonly openFiles: number };

/**
 * Why `asked` load processes cannot hold a scenario's clients, in one line without the option's name. Undefined when they
 * can, and where no process holds even one client, so that no number would do.
 */
export function loadShortageOf({ scenario, transport, openFiles }: LoadNeeds, asked: number): string | undefined {
  const each = connectionsPerClient(scenario, transport);
  if (openFiles - reservedDescriptors < each) return undefined;
  const least = loadShards(scenario, transport, openFiles);
  if (asked >= least) return undefined;
  return (
    `${asked} cannot hold the ${scenario.clients} clients of ${scenario.name}: the open-files limit (ulimit -n) is ` +
    `${openFiles} and ${reservedDescriptors} stay reserved, ${transport} takes ${each} ${plural(each, 'descriptor')} a ` +
    `client in its load process; give at least ${least}`
  );
}

/** Relay processes needed to carry all connections, at least 1; otherwise as `loadShards`. */
export function relayShards(scenario: Scenario, transport: Transport, openFiles: number): number {
  return shards(scenario.clients, connectionsPerClient(scenario, transport) * relayDescriptors, openFiles);
}

function shards(clients: number, descriptorsPerClient: number, openFiles: number): number {
  const clientsPerProcess = Math.floor((openFiles - reservedDescriptors) / descriptorsPerClient);
  if (clientsPerProcess < 1) throw new Error(`an open-files limit of ${openFiles} leaves no room for clients`);
  return Math.max(1, Math.ceil(clients / clientsPerProcess));
}

/** Reads what this process, and so its children, may use. */
export function readMachineLimits(): MachineLimits {
  return {
    openFiles: readOpenFilesLimit(),
    ephemeralPorts: readEphemeralPorts(),
    memoryBytes: process.availableMemory(),
  };
}

/** Node.js raises its soft limit to the hard one when it starts, so the soft limit is read from inside. */
function readOpenFilesLimit(): number {
  const limits = readText('/proc/self/limits');
  const soft = limits ? /^Max open files\s+(\S+)/m.exec(limits)?.[1] : shellLimit();
  if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
  // POSIX promises 20; 256 is macOS's default, the smallest of the systems this runs on.
  return Number(soft) || 256;
}

function shellLimit(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function readEphemeralPorts(): number {
  const range = readText('/proc/sys/net/ipv4/ip_local_port_range')?.trim().split(/\s+/).map(Number);
  // RFC 6335, 6: the dynamic ports are 49152 to 65535, which is also macOS's range.
  const [first = 49_152, last = 65_535] = range ?? [];
  return last - first + 1;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
