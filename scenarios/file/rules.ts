import type { Encoding } from '../../protocol/contract-terms.ts';
import type { Range } from '../field.ts';
import { largestPayloadBytes } from '../fields.ts';
import { binaryKinds, minimumBytes } from '../payload/payloads.ts';
import { type Payload, type PayloadKind, publishesAtAll, ratePerSecond, type Scenario } from '../scenario.ts';
import { publishedChannels } from '../schedule.ts';
import { countInWindow, leastWindowMs } from '../window-arrivals.ts';

/**
 * Combinations of fields that are not allowed although each value is. Each rule is one function: it returns the broken
 * rule with the bounds that would keep it. Callers put that into words: the command line with option names, a scenario
 * file with field paths.
 */
export type OwnMisfit =
  /** Every channel needs a client. */
  | { readonly rule: 'channel-without-client'; readonly mostChannels: number; readonly leastClients: number }
  /** A cohort without clients would be missing from the curve. `mostChannels` may be 0. */
  | {
      readonly rule: 'cohort-without-client';
      readonly cohorts: number;
      readonly mostChannels: number;
      readonly leastClients: number;
    }
  /** Cohorts are compared by the bytes of their polling connections, which over HTTP/2 also carry publishes. */
  | { readonly rule: 'cohorts-publish'; readonly intervalsMs: readonly number[] }
  /** Broadcasts come from the source, and where clients are the origin there is none. */
  | { readonly rule: 'broadcast-by-clients' }
  /** All fields of the payload must fit in, and the server must accept it as one publish. */
  | {
      readonly rule: 'payload-size';
      readonly of: PayloadOf;
      readonly payload: Payload;
      readonly bytes: Range;
    };

/** Rules that a scenario breaks by itself or together with how it is run. */
export type Misfit =
  | OwnMisfit
  /** More than any machine delivers. */
  | { readonly rule: 'too-many-inputs'; readonly perClient: number; readonly mostClients: number }
  | { readonly rule: 'too-many-deliveries'; readonly perSecond: number; readonly mostRatePerSecond: number }
  /** All clients share the link. Where every update counts, excess updates would queue without end. */
  | {
      readonly rule: 'link-too-narrow';
      readonly carriedBitsPerSecond: number;
      readonly neededBitsPerSecond: number;
      readonly mostClients: number;
    }
  /**
   * Nothing would happen in the window, so its figures would be those of an idle connection. `leastMs`: from which
   * length on something does; for a trace, its first instant.
   */
  | { readonly rule: 'empty-window'; readonly durationMs: number; readonly leastMs: number }
  /** Each client is alone in its channel, and gets no update of its own. */
  | { readonly rule: 'no-receiver' }
  /** A ping that is due before the previous one can be answered would cut off every client. */
  | { readonly rule: 'heartbeat-too-short'; readonly leastMs: number };

/** The first rule that a scenario breaks; undefined when it breaks none. */
export function misfitOf(scenario: Scenario): OwnMisfit | undefined {
  return (
    channelMisfit(scenario) ??
    cohortMisfit(scenario) ??
    payloadMisfit('payload', scenario.payload, scenario.encoding) ??
    (scenario.inputs && payloadMisfit('inputs', scenario.inputs.payload, scenario.encoding)) ??
    broadcastMisfit(scenario)
  );
}

/** Which of a scenario's payloads. */
type PayloadOf = 'payload' | 'inputs' | 'broadcast';

function broadcastMisfit({ broadcast, origin, encoding }: Scenario): OwnMisfit | undefined {
  if (!broadcast) return undefined;
  if (origin === 'client') return { rule: 'broadcast-by-clients' };
  return payloadMisfit('broadcast', broadcast.payload, encoding);
}

function channelMisfit({ clients, channels }: Scenario): OwnMisfit | undefined {
  if (channels <= clients) return undefined;
  return { rule: 'channel-without-client', mostChannels: clients, leastClients: channels };
}

function cohortMisfit(scenario: Scenario): OwnMisfit | undefined {
  const { clients, channels, pollCohortsMs } = scenario;
  if (!pollCohortsMs) return undefined;
  if (publishesAtAll(scenario)) return { rule: 'cohorts-publish', intervalsMs: pollCohortsMs };
  const cohorts = pollCohortsMs.length;
  const leastClients = channels * cohorts;
  if (clients >= leastClients) return undefined;
  return { rule: 'cohort-without-client', cohorts, leastClients, mostChannels: Math.floor(clients / cohorts) };
}

function payloadMisfit(of: PayloadOf, payload: Payload, encoding: Encoding): OwnMisfit | undefined {
  const bytes = payloadRange(payload.kind, encoding);
  if (payload.bytes >= bytes[0] && payload.bytes <= bytes[1]) return undefined;
  return { rule: 'payload-size', of, payload, bytes };
}

/** Smallest and largest payload in bytes. */
function payloadRange(kind: PayloadKind, encoding: Encoding): Range {
  const asBase64 = encoding === 'json' && binaryKinds.has(kind);
  return [minimumBytes[kind], asBase64 ? Math.floor((largestPayloadBytes * 3) / 4) : largestPayloadBytes];
}

/**
 * About ten times what any machine delivers from one server process. Beyond it, a run would queue until memory is
 * exhausted.
 */
const mostDeliveriesPerSecond = 2_000_000;

/**
 * Checks inputs and deliveries per second, both multiplied by the number of clients; undefined when they are possible.
 */
export function loadMisfitOf({ clients, arrivals, inputs, broadcast }: Scenario): Misfit | undefined {
  const perClient = inputs ? ratePerSecond(inputs.arrivals) : 0;
  if (clients * perClient > mostDeliveriesPerSecond) {
    return { rule: 'too-many-inputs', perClient, mostClients: Math.floor(mostDeliveriesPerSecond / perClient) };
  }
  const broadcasts = broadcast ? ratePerSecond(broadcast.arrivals) : 0;
  const perSecond = clients * (ratePerSecond(arrivals) + broadcasts);
  if (perSecond <= mostDeliveriesPerSecond) return undefined;
  const most = Math.max(0, Math.floor((mostDeliveriesPerSecond / clients - broadcasts) * 1000) / 1000);
  return { rule: 'too-many-deliveries', perSecond, mostRatePerSecond: most };
}

/**
 * Checks that a client gets an update in a window of this length; undefined when one does. Inputs do not count, since
 * they reach no client.
 */
export function windowMisfitOf(scenario: Scenario, durationMs: number): Misfit | undefined {
  const { arrivals, origin, echo, clients, channels } = scenario;
  const published = publishedChannels(scenario);
  if (countInWindow(arrivals, published, durationMs * 1000) === 0) {
    return { rule: 'empty-window', durationMs, leastMs: leastWindowMs(arrivals, published) };
  }
  return origin === 'client' && !echo && clients <= channels ? { rule: 'no-receiver' } : undefined;
}

/**
 * Checks that a link can carry a scenario; undefined when it can. `bandwidthBitsPerSecond`: null is as fast as the
 * machine.
 */
export function linkMisfitOf(
  { clients, arrivals, payload, broadcast, semantics, heartbeatMs }: Scenario,
  {
    rttMs,
    bandwidthBitsPerSecond: carried,
  }: { readonly rttMs: number; readonly bandwidthBitsPerSecond: number | null },
): Misfit | undefined {
  const bitsPerSecond = (of: Pick<Scenario, 'arrivals' | 'payload'>) =>
    ratePerSecond(of.arrivals) * of.payload.bytes * 8;
  const perClient = bitsPerSecond({ arrivals, payload }) + (broadcast ? bitsPerSecond(broadcast) : 0);
  if (carried !== null && semantics === 'every' && clients * perClient > carried) {
    return {
      rule: 'link-too-narrow',
      carriedBitsPerSecond: carried,
      neededBitsPerSecond: clients * perClient,
      mostClients: Math.floor(carried / perClient),
    };
  }
  return heartbeatMs >= 2 * rttMs ? undefined : { rule: 'heartbeat-too-short', leastMs: 2 * rttMs };
}
