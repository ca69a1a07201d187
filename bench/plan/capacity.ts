import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Transport } from '../../protocol/transport.ts';
import { publishesAtAll, type Scenario } from '../../scenarios/scenario.ts';

/** What the machine allows one process, and one source address. */
export type MachineLimits = {
  /** Descriptors one process may open; `Infinity` where there is no limit. */
  readonly openFiles: number;
  /** Ports that outgoing connections from one address to one (address, port) can take. */
  readonly ephemeralPorts: number;
};

/** Descriptors that stay free in each process: its files, IPC and listening sockets, and those that are closing. */
const reservedDescriptors = 256;
/** Ports that stay free for others on the machine. */
const reservedPorts = 256;
/** A relay holds both ends of a connection. */
const relayDescriptors = 2;

/**
 * Connections that one client holds, each of them a descriptor at both ends. Over HTTP a publish has a connection of
 * its own, because a POST behind a held poll would wait for it; a WebSocket carries both directions.
 */
export function connectionsPerClient(scenario: Scenario, transport: Transport): number {
  return transport !== 'websocket' && publishesAtAll(scenario) ? 2 : 1;
}

/** How many clients fit. The server is a single process and sets the limit; load processes and relays are sharded. */
export function clientsThatFit(scenario: Scenario, transport: Transport, limits: MachineLimits): number {
  const connections = Math.min(limits.openFiles - reservedDescriptors, limits.ephemeralPorts - reservedPorts);
  return Math.max(0, Math.floor(connections / connectionsPerClient(scenario, transport)));
}

/**
 * Why a scenario's clients do not fit on this machine, in one line without the option's name; undefined when they do.
 * `relayed`: a relay delays the path, which takes two more descriptors for each connection.
 */
export function shortageOf(
  scenario: Scenario,
  transport: Transport,
  limits: MachineLimits,
  relayed: boolean,
): string | undefined {
  const fit = clientsThatFit(scenario, transport, limits);
  if (scenario.clients <= fit) return undefined;
  const connections = connectionsPerClient(scenario, transport);
  const bound =
    limits.openFiles - reservedDescriptors <= limits.ephemeralPorts - reservedPorts
      ? `the open-files limit (ulimit -n) is ${limits.openFiles} and ${reservedDescriptors} stay reserved`
      : `${limits.ephemeralPorts} local ports (net.ipv4.ip_local_port_range) bound the connections to one server`;
  const relay = relayed ? ` and ${connections * relayDescriptors} in a relay` : '';
  const takes = `${transport} takes ${connections} ${plural(connections, 'descriptor')} a client in the server${relay}`;
  return `${scenario.clients} clients of ${scenario.name} do not fit: ${bound}, ${takes}; at most ${fit} clients fit`;
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
  return { openFiles: readOpenFilesLimit(), ephemeralPorts: readEphemeralPorts() };
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
