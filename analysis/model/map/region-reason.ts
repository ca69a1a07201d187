import { type Transport, transportTitles } from '../../../protocol/transport.ts';
import { type CostTerm, costTerms } from '../../../results/schema/cost-terms.ts';
import { type WireLayer, wireLayers } from '../../figures/byte-layers.ts';
import { formatNumber, formatParameter } from '../../figures/format.ts';
import type { MapMeasure, TransportCost } from './transport-cost.ts';

/**
 * Why a transport is the cheapest: what it does, and the part of the cost in which the next one needs most more than it.
 * `second`: `undefined` if it is the only one that keeps to the tolerance.
 */
export function reasonFor(first: TransportCost, second: TransportCost | undefined, measure: MapMeasure): string {
  if (!second) return `${didText(first)}; no other keeps to the tolerance`;
  const part = measure === 'wire' ? layerText(first, second) : termText(first, second);
  return `${didText(first)}: ${part} than with ${transportTitles[second.transport]}`;
}

/** What decides how much a transport sends and works. */
function didText({ transport, serving: { expected }, scenario }: TransportCost): string {
  const { pollIntervalMs, heartbeatMs, semantics } = scenario;
  const { deliveriesPerSecond: updates, requestsPerSecond: requests } = expected;
  return didTexts[transport]({ updates, requests, pollIntervalMs, heartbeatMs, isLatest: semantics === 'latest' });
}

/** Of a client, in a second. */
type Did = {
  readonly updates: number;
  readonly requests: number;
  readonly pollIntervalMs: number;
  readonly heartbeatMs: number;
  /** Whether newer updates replace older ones. */
  readonly isLatest: boolean;
};

/** Fewer updates than this in the time between two heartbeats: most of what a stream sends are heartbeats. */
const fewBetweenHeartbeats = 3;

const didTexts: Readonly<Record<Transport, (did: Did) => string>> = {
  'short-polling': ({ updates, requests, pollIntervalMs, isLatest }) => {
    const every = `a poll each ${formatParameter(pollIntervalMs, 'ms')}`;
    if (isLatest) return `${every} brings the newest update alone`;
    return updates > requests ? `${every} brings ${formatNumber(updates / requests, 2)} updates` : every;
  },
  'long-polling': ({ updates, requests }) =>
    updates > requests
      ? `an answer brings ${formatNumber(updates / requests, 2)} updates`
      : 'one request for each answer',
  sse: ({ updates, heartbeatMs }) =>
    (updates * heartbeatMs) / 1000 < fewBetweenHeartbeats
      ? 'a heartbeat goes one way'
      : 'an update is a line of a stream',
  websocket: () => 'an update is a frame',
};

const layerWords: Readonly<Record<WireLayer, string>> = {
  updates: 'fewer bytes of updates',
  framing: 'fewer bytes of framing and headers',
  tls: 'fewer bytes of TLS',
  packets: 'fewer packets',
};

function layerText(first: TransportCost, second: TransportCost): string {
  return layerWords[largest(wireLayers, (layer) => second.layers[layer] - first.layers[layer])];
}

const termWords: Readonly<Record<CostTerm, string>> = {
  fixed: 'less work that never stops',
  clients: 'less work for open connections',
  wakeUps: 'fewer wake-ups',
  updates: 'less work for each update',
  requests: 'fewer or cheaper requests',
  deliveries: 'fewer or cheaper deliveries',
  firstDeliveries: 'fewer or cheaper deliveries',
  bytes: 'fewer or cheaper bytes',
  publishes: 'cheaper messages of clients',
};

function termText(first: TransportCost, second: TransportCost): string {
  return termWords[largest(costTerms, (term) => second.terms[term] - first.terms[term])];
}

function largest<T>(all: readonly T[], by: (each: T) => number): T {
  return all.reduce((best, each) => (by(each) > by(best) ? each : best));
}
