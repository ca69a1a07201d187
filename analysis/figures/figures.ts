import { median } from 'simple-statistics';
import { cpu, servingCpu, servingCpuPerClient, servingSetUpCpu, wherePartOfServing } from './cpu-figure.ts';
import {
  bytes,
  compressedShare,
  coreShare,
  counted,
  type Figure,
  fewestClientsForMemory,
  inPackets,
  kernelMemory,
  knowsPercentile,
  latency,
  type Measured,
  memory,
  perClientMinute,
  perRequest,
  pollsOf,
  ratio,
  requestsOf,
  seconds,
  socketBytes,
  tail,
  updatesOf,
  utilization,
  whereTls,
  wireBytes,
} from './figure.ts';
import { formatValue, unknownText } from './format.ts';
import { isReportable } from './reportable.ts';

/** The figures in the order in which they are shown. Thresholds and files use the keys. */
const table = {
  'latency.p50': latency('Delivery latency, median', 'p50', 'delivery', 'p50Ms'),
  'latency.p90': latency('Delivery latency, 90th percentile', 'p90', 'delivery', 'p90Ms'),
  'latency.p95': latency('Delivery latency, 95th percentile', 'p95', 'delivery', 'p95Ms'),
  'latency.p99': latency('Delivery latency, 99th percentile', 'p99', 'delivery', 'p99Ms'),
  'latency.p999': {
    ...latency('Delivery latency, 99.9th percentile', 'p99.9', 'delivery', 'p99Ms'),
    of: ({ trial }) => (knowsPercentile(trial, 0.999) && isReportable(trial, 0.999) ? tail(trial) : undefined),
  },
  'latency.mean': latency('Delivery latency, mean', 'mean', 'delivery', 'meanMs'),
  'latency.max': latency('Delivery latency, longest', 'max', 'delivery', 'maxMs'),
  'latency.broadcast': {
    group: 'freshness',
    title: 'Broadcast, until the last client has it, median',
    short: 'last of a broadcast',
    unit: 'ms',
    digits: 3,
    of: ({ trial }) =>
      trial.broadcasts && isReportable(trial, 'max')
        ? median(trial.broadcasts.sent.map(({ lastMs }) => lastMs))
        : undefined,
  },
  'latency.uplink': latency('Publisher to server, median', 'uplink', 'uplink', 'p50Ms'),
  'latency.downlink': latency('Server to client, median', 'downlink', 'downlink', 'p50Ms'),
  stale: {
    group: 'freshness',
    title: 'Time with a stale view',
    short: 'stale',
    unit: 'share',
    digits: 3,
    // Without an update for any client, no view can be stale.
    of: ({ trial }) => (trial.ledger.expected > 0 && isReportable(trial, 'mean') ? trial.staleFraction : undefined),
  },
  staleness: {
    group: 'freshness',
    title: 'Mean staleness, from an update to knowing it or a newer one',
    short: 'staleness',
    unit: 'ms',
    digits: 3,
    of: ({ trial }) => (trial.ledger.received > 0 && isReportable(trial, 'mean') ? trial.meanStalenessMs : undefined),
  },
  'bytes.total': bytes('Bytes at the sockets', 'socket bytes'),
  'bytes.down': bytes('Bytes at the sockets down', 'down', { direction: 'down' }),
  'bytes.up': bytes('Bytes at the sockets up', 'up', { direction: 'up' }),
  'bytes.down.updates': bytes('Encoded updates down', 'updates down', { direction: 'down', layer: 'updates' }),
  'bytes.down.framing': bytes('Framing and headers down', 'framing down', { direction: 'down', layer: 'framing' }),
  'bytes.up.updates': bytes('Encoded publishes up', 'updates up', { direction: 'up', layer: 'updates' }),
  'bytes.up.framing': bytes('Framing and headers up', 'framing up', { direction: 'up', layer: 'framing' }),
  'bytes.tls': whereTls(bytes('What TLS adds, both directions', 'TLS', { layer: 'tls' })),
  'bytes.request.up': perRequest('Headers and framing of one request, up', 'bytes/request', 'up'),
  'bytes.request.down': perRequest('Headers and framing of one answer, down', 'bytes/answer', 'down'),
  'bytes.down.compressed': compressedShare('Updates down as compressed, of what they were', 'compressed down', 'down'),
  'bytes.up.compressed': compressedShare('Publishes up as compressed, of what they were', 'compressed up', 'up'),
  'bytes.update': {
    group: 'bytes',
    title: 'Bytes at the sockets, per published update',
    short: 'bytes/update',
    unit: 'bytes',
    digits: 3,
    of: ({ trial }) => ratio(socketBytes(trial), updatesOf(trial)),
  },
  'bytes.packets': {
    group: 'bytes',
    title: 'TCP, IP and Ethernet, retransmissions included, both directions, per client and minute',
    short: 'packet headers',
    unit: 'bytes',
    digits: 3,
    of: (measured) => inPackets(measured, ({ headerBytes }) => headerBytes),
  },
  'bytes.wire': wireBytes('Bytes on the wire', 'wire bytes'),
  'bytes.wire.down': wireBytes('Bytes on the wire down', 'wire down', 'down'),
  'bytes.wire.up': wireBytes('Bytes on the wire up', 'wire up', 'up'),
  'bytes.setUp': {
    group: 'bytes',
    title: 'Bytes to connect at the sockets, per client',
    short: 'bytes to connect',
    unit: 'bytes',
    digits: 3,
    of: ({ trial, scenario }) => ratio(trial.bytes.setUpUpBytes + trial.bytes.setUpDownBytes, scenario.clients),
  },
  'bytes.setUp.tls': whereTls({
    group: 'bytes',
    title: 'What TLS adds to connecting, handshake and tickets, per connection',
    short: 'TLS to connect',
    unit: 'bytes',
    digits: 3,
    of: ({ trial: { bytes, counts } }) =>
      bytes.tls && ratio(bytes.tls.setUpUp + bytes.tls.setUpDown, counts.connections),
  }),
  'cpu.serving.update': servingCpu('Server CPU, per published update', 'CPU/update', 'ms', updatesOf),
  'cpu.serving.delivery': servingCpu('Server CPU, per delivery', 'CPU/delivery', 'ms', ({ ledger }) => ledger.received),
  'cpu.serving': servingCpu('Server CPU', 'server CPU', 'ms/s', seconds),
  'cpu.serving.client': servingCpuPerClient('Server CPU', 'CPU/client'),
  'cpu.serving.setUp': servingSetUpCpu('Server CPU to connect, per connection', 'CPU to connect'),
  'cpu.host': {
    group: 'cpu',
    title: 'CPU of the server host, kernel included',
    short: 'host CPU',
    unit: 'ms/s',
    digits: 3,
    of: ({ trial }) => (trial.hostCpuWindowMs === null ? undefined : ratio(trial.hostCpuWindowMs, seconds(trial))),
  },
  'cpu.host.update': {
    group: 'cpu',
    title: 'CPU of the server host, per published update',
    short: 'host CPU/update',
    unit: 'ms',
    digits: 3,
    of: ({ trial }) => (trial.hostCpuWindowMs === null ? undefined : ratio(trial.hostCpuWindowMs, updatesOf(trial))),
  },
  'cpu.load': cpu('CPU of the load clients', 'client CPU', ['load'], 'ms/s', seconds),
  'cpu.relay': cpu('CPU of the relay', 'relay CPU', ['relay'], 'ms/s', seconds),
  'cpu.source': cpu('CPU of the source', 'source CPU', ['source'], 'ms/s', seconds),
  'cpu.nodes': wherePartOfServing(cpu('CPU of the nodes', 'nodes CPU', ['server'], 'ms/s', seconds)),
  'cpu.nodes.update': wherePartOfServing(
    cpu('Nodes CPU, per published update', 'nodes CPU/update', ['server'], 'ms', updatesOf),
  ),
  'cpu.proxy': cpu('CPU of the proxy', 'proxy CPU', ['proxy'], 'ms/s', seconds),
  'cpu.proxy.update': cpu('Proxy CPU, per published update', 'proxy CPU/update', ['proxy'], 'ms', updatesOf),
  'cpu.backplane': cpu('CPU of the backplane', 'backplane CPU', ['backplane'], 'ms/s', seconds),
  'cpu.backplane.update': cpu(
    'Backplane CPU, per published update',
    'backplane CPU/update',
    ['backplane'],
    'ms',
    updatesOf,
  ),
  'memory.server': memory('Server memory (RSS beyond idle)', 'server memory', 'server'),
  // Some memory, such as a compression window, is allocated only with the first message of a connection.
  'memory.server.end': memory('Server memory after the load (RSS beyond idle)', 'memory after', 'server', 'rssBytes'),
  'memory.load': memory('Memory of the load clients (RSS beyond idle)', 'client memory', 'load'),
  'memory.kernel': kernelMemory('Kernel memory of both ends', 'kernel memory'),
  'latency.client': {
    group: 'load',
    title: 'What the client itself adds to a delivery, median',
    short: 'client work',
    unit: 'ms',
    digits: 3,
    of: ({ trial }) => trial.clientWork && trial.clientWork.medianUs / 1000,
  },
  'core.load': coreShare('load side', 'load core', 'load'),
  'core.source': coreShare('source or backplane', 'source core', 'source'),
  'core.server': coreShare('serving side', 'server core', 'server'),
  'elu.server': utilization('server', 'server ELU', 'server'),
  'elu.load': utilization('load clients', 'client ELU', 'load'),
  'elu.relay': utilization('relay', 'relay ELU', 'relay'),
  'elu.source': utilization('source', 'source ELU', 'source'),
  packets: counted('Packets, both directions, per client and minute', 'packets', (measured) =>
    inPackets(measured, ({ packets }) => packets),
  ),
  'packets.again': counted(
    'Packets that were sent again',
    'sent again',
    ({ trial: { bytes } }) =>
      bytes.packets === null
        ? undefined
        : ratio(
            bytes.packets.window.down.retransmittedSegments + bytes.packets.window.up.retransmittedSegments,
            bytes.packets.window.down.packets + bytes.packets.window.up.packets,
          ),
    'share',
  ),
  requests: counted('Requests and publishes, per client and minute', 'requests', (measured) =>
    perClientMinute(measured, requestsOf(measured.trial)),
  ),
  'requests.empty': counted(
    'Polls answered with nothing new',
    'empty',
    (measured) => ratio(measured.trial.counts.emptyAnswers, pollsOf(measured)),
    'share',
  ),
  'polls.skipped': counted(
    'Polls skipped, the last was unanswered',
    'skipped',
    ({ trial: { counts } }) => ratio(counts.skippedPolls, counts.intendedPolls),
    'share',
  ),
  connections: counted('Connections, per client', 'connections', ({ trial, scenario }) =>
    ratio(trial.counts.connections, scenario.clients),
  ),
  'connections.upstream': counted(
    'Connections that the proxy opened to the nodes',
    'upstream connections',
    ({ trial }) => trial.proxy?.upstreamConnections,
  ),
  'packets.setUp': counted('Packets to connect, per connection', 'packets to connect', ({ trial }) => {
    const { packets } = trial.bytes;
    return packets ? ratio(packets.setUp.down.packets + packets.setUp.up.packets, trial.counts.connections) : undefined;
  }),
  reconnects: counted('Reconnects', 'reconnects', ({ trial }) => trial.counts.reconnects),
  heartbeats: counted('Heartbeats', 'heartbeats', ({ trial }) => trial.counts.heartbeats),
  conflated: counted(
    'Updates replaced by newer ones',
    'conflated',
    ({ trial: { ledger } }) => ratio(ledger.conflated, ledger.expected),
    'share',
  ),
  'setUp.client': { ...latency('Connecting one client, median', 'connect', 'setUp', 'p50Ms'), group: 'counts' },
  'setUp.all': counted('Connecting all clients', 'set-up', ({ trial }) => trial.setUpMs, 'ms'),
  'setUp.rate': counted('Clients connected per second', 'connects/s', ({ trial, scenario }) =>
    scenario.clients < fewestClientsForMemory ? undefined : ratio(scenario.clients * 1000, trial.setUpMs),
  ),
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureKey = keyof typeof table;

export const figures: Readonly<Record<FigureKey, Figure>> = table;
export const figureKeys = Object.keys(table) as readonly FigureKey[];

/** A record with one value per figure, in the order of the figures. */
export function forEachFigure<T>(value: (key: FigureKey) => T): Readonly<Record<FigureKey, T>> {
  return Object.fromEntries(figureKeys.map((key) => [key, value(key)])) as Record<FigureKey, T>;
}

export function figureOf(key: FigureKey, measured: Measured): number | undefined {
  return figures[key].of(measured);
}

/** The value with its unit at a readable scale; a dash if there is none. */
export function formatFigure(key: FigureKey, value: number | undefined): string {
  return value === undefined ? unknownText : formatValue(value, figures[key].unit, figures[key].digits);
}
