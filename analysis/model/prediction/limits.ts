import type { TransportCalibration } from '../../../results/schema/calibration-schema.ts';
import { costOf } from '../cost/cost.ts';
import type { Load } from '../cost/work.ts';
import type { Size } from './senders.ts';

/** What gives out first as clients are added, and with how many of them. */
export type Limit = {
  readonly what: 'node-core' | 'proxy-ports' | 'proxy-core';
  readonly clients: number;
};

/** Local ports of Linux by default (net.ipv4.ip_local_port_range, 32768 to 60999): connections from a proxy to one node. */
export const portsToNode = 28_232;

/** Through a proxy each connection takes a port to its node. */
export function fewestNodes(connections: number, proxied: boolean): number {
  return proxied ? Math.ceil(connections / portsToNode) : 1;
}

export type Served = {
  readonly work: Load;
  readonly size: Size;
  readonly calibration: Pick<TransportCalibration, 'server' | 'proxy'>;
  readonly connections: number;
  readonly proxied: boolean;
};

/** With nodes and workers as they are, and each client doing what it does now. */
export function firstLimitOf({ work, size: { nodes, workers }, calibration, connections, proxied }: Served): Limit {
  const each = connections / work.clients;
  const limits: readonly (Limit | false)[] = [
    {
      what: 'node-core',
      clients: clientsOfCore((clients) => costOf(calibration.server, nodeWith(work, clients, nodes))),
    },
    calibration.proxy !== undefined && {
      what: 'proxy-core',
      clients: clientsOfCore((clients) => costOf(calibration.proxy!, nodeWith(work, clients, 1)) / workers),
    },
    proxied && { what: 'proxy-ports', clients: Math.floor((portsToNode * nodes) / each) },
  ];
  return limits
    .filter((limit) => limit !== false)
    .reduce((first, limit) => (limit.clients < first.clients ? limit : first));
}

/** The work of a node if there were so many clients in all. */
function nodeWith(work: Load, clients: number, nodes: number): Load {
  const factor = clients / work.clients / nodes;
  return {
    ...work,
    clients: work.clients * factor,
    requestsPerSecond: work.requestsPerSecond * factor,
    deliveriesPerSecond: work.deliveriesPerSecond * factor,
    bytesPerSecond: work.bytesPerSecond * factor,
    publishesPerSecond: work.publishesPerSecond * factor,
  };
}

const fullCoreMs = 1000;
const mostClients = 1e9;

/** The number of clients with which a core is full, by bisection. */
function clientsOfCore(busyMs: (clients: number) => number): number {
  let [low, high] = [0, mostClients];
  if (busyMs(high) < fullCoreMs) return high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (busyMs(middle) >= fullCoreMs) high = middle;
    else low = middle;
  }
  return low;
}
