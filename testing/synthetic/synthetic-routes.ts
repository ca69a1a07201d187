import type { CompletedTrial, ProcessFigures, RouteRecord } from '../../results/schema/schema.ts';
import { histogramOf } from './synthetic-histogram.ts';

const direct: RouteRecord = {
  name: 'direct',
  tls: null,
  http: 1,
  proxy: null,
  nodes: 1,
  headers: 'minimal',
  cookieBytes: 0,
  compression: null,
};

const tls = { resumption: true };
const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: null } as const;

/** For tests only: the paths that the report compares in a table. */
export const syntheticRoutes: readonly RouteRecord[] = [
  direct,
  { ...direct, name: 'tls', tls },
  { ...direct, name: 'nginx', proxy },
  { ...direct, name: 'nginx+tls', tls, proxy },
  { ...direct, name: 'nginx-2-nodes', proxy, nodes: 2 },
  { ...direct, name: 'h2', tls, http: 2 },
  { ...direct, name: 'browser-headers', headers: 'browser' },
  { ...direct, name: 'compressed', compression: { contextTakeover: true } },
];

/** For tests only: NGINX with a mistake in its configuration. */
export const syntheticMistake: RouteRecord = {
  ...direct,
  name: 'nginx-2-nodes:no-upgrade-headers',
  proxy: { ...proxy, mistake: 'no-upgrade-headers' },
  nodes: 2,
};

/** The same trial as if over a path. `repeat`: only the first one, 0, keeps the proxy's configuration. */
export function overRoute(trial: CompletedTrial, route: RouteRecord, repeat: number): CompletedTrial {
  if (route.name === 'direct') return trial;
  return withProxy(withBytes({ ...trial, path: { ...trial.path, route } }, route), route, repeat);
}

function withBytes(trial: CompletedTrial, route: RouteRecord): CompletedTrial {
  const { bytes, counts } = trial;
  const asked = trial.transport === 'short-polling' || trial.transport === 'long-polling';
  const hpack = route.http === 2 && trial.transport !== 'websocket' ? 0.4 : 1;
  const browser = route.headers === 'browser' ? counts.requests * 430 : 0;
  const shrunk = route.compression ? 0.7 : 1;
  const writes = asked ? counts.requests : trial.ledger.received;
  const up = {
    ...scaled(bytes.up, { framing: hpack, updates: 1, more: browser }),
    ...uncompressed(bytes.up, route),
  };
  const down = {
    ...scaled(bytes.down, { framing: hpack, updates: shrunk, more: 0 }),
    ...uncompressed(bytes.down, route),
  };
  const secured = { setUpUp: 600, setUpDown: 1_400, windowUp: counts.requests * 22, windowDown: writes * 22 };
  return { ...trial, bytes: { ...bytes, up, down, ...(route.tls && { tls: secured }) } };
}

type Direction = CompletedTrial['bytes']['down'];
type Factors = { readonly framing: number; readonly updates: number; readonly more: number };

function scaled(direction: Direction, { framing, updates, more }: Factors): Direction {
  return {
    encodedUpdateBytes: Math.round(direction.encodedUpdateBytes * updates),
    framingBytes: Math.round(direction.framingBytes * framing) + more,
    drainFramingBytes: Math.round(direction.drainFramingBytes * framing),
    surplusUpdateBytes: Math.round(direction.surplusUpdateBytes * updates),
  };
}

/** Only paths that compress record the bytes before compression. */
function uncompressed(
  { encodedUpdateBytes }: Direction,
  { compression }: RouteRecord,
): Pick<Direction, 'uncompressedUpdateBytes'> {
  return compression ? { uncompressedUpdateBytes: encodedUpdateBytes } : {};
}

function withProxy(trial: CompletedTrial, { proxy, nodes }: RouteRecord, repeat: number): CompletedTrial {
  if (!proxy) return trial;
  const clients = trial.counts.connections;
  const spread = Array.from({ length: nodes }, (_, node) => Math.round((clients / nodes) * (node === 0 ? 1.1 : 0.9)));
  return {
    ...trial,
    processes: trial.processes.flatMap((each) => (each.role === 'server' ? servingProcesses(each, nodes) : [each])),
    proxy: {
      version: '1.22.1',
      configuration: repeat === 0 ? configuration : null,
      workers: 1,
      clientsByNode: nodes === 1 ? [clients] : spread,
      upstreamConnections: 64,
    },
  };
}

/**
 * Nodes that share the work of one server, NGINX on the same core, and for several nodes the backplane on another core.
 */
function servingProcesses(server: ProcessFigures, nodes: number): readonly ProcessFigures[] {
  const { cpuWindowMs } = server;
  const names = nodes === 1 ? [server.name] : Array.from({ length: nodes }, (_, node) => `server-${node + 1}`);
  const nginx: ProcessFigures = { ...server, role: 'proxy', name: 'nginx', cpuWindowMs: cpuWindowMs * 0.6 };
  const backplane: ProcessFigures = {
    ...server,
    role: 'backplane',
    name: 'backplane',
    core: 0,
    cpuWindowMs: cpuWindowMs * 0.2,
  };
  return [
    ...names.map((name) => ({ ...server, name, cpuWindowMs: cpuWindowMs / nodes })),
    nginx,
    ...(nodes > 1 ? [backplane] : []),
  ];
}

const configuration = `worker_processes 1;            # one core is enough for what one machine can ask

http {
  upstream nodes {
    ip_hash;                   # the same network comes to the same node
    server 127.0.0.1:9001;
    server 127.0.0.1:9002;
    keepalive 64;              # else each poll opens a connection to a node
  }
}
`;

/** The same trial with this many clients cut off in the middle of the window. All of them came back. */
export function withStorm(trial: CompletedTrial, clients: number): CompletedTrial {
  const base = trial.transport === 'short-polling' ? 300 : 60;
  const samples = Array.from({ length: clients }, (_, client) => base + (client / clients) * 5 * base);
  return {
    ...trial,
    counts: { ...trial.counts, reconnects: clients },
    storm: {
      kind: 'node-killed',
      atMs: trial.window.durationMs / 2,
      clientsCut: clients,
      backMs: histogramOf(samples),
      caughtUpMs: 6 * base + 40,
      clientsBehind: 0,
      missedUpdates: clients * 2,
      connectionsMade: clients,
    },
  };
}
