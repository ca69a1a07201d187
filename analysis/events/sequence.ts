import type { Transport } from '../../protocol/transport.ts';
import type { Exchange, PlannedScenario } from '../../results/schema/schema.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';

/**
 * Something that crossed the wire, from when it was sent until it arrived. At the end of the recording the arrival may
 * be unknown; then it is the end.
 */
export type Message = {
  readonly direction: 'up' | 'down';
  readonly sentMs: number;
  readonly receivedMs: number;
  /** Of an answer or a pushed update: the newest version carried, null if nothing was new. Null for a poll. */
  readonly version: number | null;
};

/** The time for which the server held a request unanswered. */
export type Hold = { readonly fromMs: number; readonly toMs: number };

/**
 * The exchange between one client and the server between two instants of the window. All times are milliseconds from
 * the start of the window.
 */
export type Sequence = {
  readonly transport: Transport;
  readonly fromMs: number;
  readonly toMs: number;
  readonly messages: readonly Message[];
  readonly holds: readonly Hold[];
  /**
   * State changes, and when the client knew them: at the next receipt of that version or a newer one, `Infinity` if
   * none.
   */
  readonly updates: readonly { readonly version: number; readonly intendedMs: number; readonly knownMs: number }[];
};

/** A request answered sooner than this was served, not held. */
const leastHoldMs = 5;
/** Share of a picture before its first update. */
const leadShare = 0.12;
const shortestMs = 1_000;
const longestMs = 6_000;
const wantedUpdates = 3;

/**
 * The exchanges of one block, all over the same time, so that they can be shown side by side; empty if none was
 * recorded.
 */
export function sequencesOf({ planned, transports }: ScenarioAnalysis): readonly Sequence[] {
  const recorded = transports.flatMap(({ transport, valid }) => {
    const exchange = valid.map(({ trial }) => trial.exchange).find((each) => each !== null);
    return exchange ? [{ transport, exchange }] : [];
  });
  if (recorded.length === 0) return [];
  const [fromMs, toMs] = spanOf(
    recorded.map(({ exchange }) => exchange),
    askedEveryMs(planned.scenario),
  );
  return recorded.map(({ transport, exchange }) => sequenceOf(transport, exchange, fromMs, toMs));
}

/** The short-polling interval, in milliseconds, of the client whose exchange is recorded. */
export function askedEveryMs({ pollCohortsMs, pollIntervalMs }: PlannedScenario['scenario']): number {
  // The recorded client is client 0, in the first cohort.
  return pollCohortsMs?.[0] ?? pollIntervalMs;
}

/** A span long enough for some updates and two polls, from a little before the first update. */
function spanOf(exchanges: readonly Exchange[], pollIntervalMs: number): readonly [number, number] {
  const completeMs = Math.min(...exchanges.map((exchange) => exchange.completeMs));
  const instants = exchanges[0]!.updates.map(({ intendedMs }) => intendedMs).filter((ms) => ms < completeMs);
  const firstMs = instants[0] ?? 0;
  const lastMs = instants[wantedUpdates - 1] ?? instants.at(-1) ?? 0;
  const wantedMs = Math.max(2.3 * pollIntervalMs, (lastMs - firstMs) * 1.3);
  const lengthMs = Math.min(completeMs, Math.max(shortestMs, Math.min(longestMs, wantedMs)));
  const fromMs = Math.max(0, Math.min(firstMs - leadShare * lengthMs, completeMs - lengthMs));
  return [fromMs, fromMs + lengthMs];
}

function sequenceOf(transport: Transport, exchange: Exchange, fromMs: number, toMs: number): Sequence {
  const within = (start: number, end: number) => end >= fromMs && start <= toMs;
  const messages = messagesOf(exchange);
  return {
    transport,
    fromMs,
    toMs,
    messages: messages.filter(({ sentMs, receivedMs }) => within(sentMs, receivedMs)),
    holds: holdsOf(exchange).filter((hold) => within(hold.fromMs, hold.toMs)),
    updates: exchange.updates
      .filter(({ own }) => !own)
      .map(({ version, intendedMs }) => ({ version, intendedMs, knownMs: knownMs(messages, version) }))
      .filter(({ intendedMs, knownMs: untilMs }) => within(intendedMs, untilMs)),
  };
}

type Event = Exchange['events'][number];

/** Pairs what one side sent with what the other received: polls and answers by order, pushed updates by version. */
function messagesOf({ events, completeMs }: Exchange): readonly Message[] {
  const of = (side: Event['side'], kind: Event['kind']) =>
    events.filter((event) => event.side === side && event.kind === kind);
  const asked = inOrder(of('client', 'request'), of('server', 'request'), 'up', completeMs);
  const answered = inOrder(of('server', 'answer'), of('client', 'answer'), 'down', completeMs);
  const received = new Map(of('client', 'update').map((event) => [event.version, event.atMs]));
  const pushed = of('server', 'update').map(({ atMs, version }) => ({
    direction: 'down' as const,
    sentMs: atMs,
    receivedMs: received.get(version) ?? completeMs,
    version,
  }));
  return [...asked, ...answered, ...pushed].sort((a, b) => a.sentMs - b.sentMs);
}

/**
 * One request is outstanding at a time, so the k-th sent is the k-th that arrived. Arrivals before the first sending
 * were sent before the recording began.
 */
function inOrder(
  sent: readonly Event[],
  received: readonly Event[],
  direction: Message['direction'],
  completeMs: number,
): readonly Message[] {
  const first = sent[0];
  const arrivals = first ? received.filter(({ atMs }) => atMs >= first.atMs) : [];
  return sent.map(({ atMs, version }, place) => ({
    direction,
    sentMs: atMs,
    receivedMs: arrivals[place]?.atMs ?? completeMs,
    version,
  }));
}

/**
 * Holds last from a request's arrival to its answer's departure. The first may have begun before the recording, the
 * last may go on after it.
 */
function holdsOf({ events, completeMs }: Exchange): readonly Hold[] {
  const holds: Hold[] = [];
  const atServer = events.filter(({ side, kind }) => side === 'server' && kind !== 'update');
  let sinceMs: number | undefined = atServer[0]?.kind === 'answer' ? 0 : undefined;
  for (const { kind, atMs } of atServer) {
    if (kind === 'request') {
      sinceMs = atMs;
    } else {
      if (sinceMs !== undefined) holds.push({ fromMs: sinceMs, toMs: atMs });
      sinceMs = undefined;
    }
  }
  if (sinceMs !== undefined) holds.push({ fromMs: sinceMs, toMs: completeMs });
  return holds.filter(({ fromMs, toMs }) => toMs - fromMs >= leastHoldMs);
}

function knownMs(messages: readonly Message[], version: number): number {
  const brings = messages.filter((message) => message.direction === 'down' && (message.version ?? 0) >= version);
  return Math.min(Number.POSITIVE_INFINITY, ...brings.map(({ receivedMs }) => receivedMs));
}
