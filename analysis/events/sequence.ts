import type { Transport } from '../../protocol/transport.ts';
import type { Exchange, PlannedScenario } from '../../results/schema/schema.ts';
import { publishesAtAll } from '../../scenarios/scenario.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { bringsNews, type Message, messagesOf } from './messages.ts';

/** The time for which the server held a request unanswered. */
export type Hold = { readonly fromMs: number; readonly toMs: number };

/**
 * An update of the client's channel. `own`: published by this client; `other`: by another. `knownMs`: when the client
 * knew it, at the receipt of that version or a newer one; `Infinity` if the recording shows none. A client that does not
 * get its own updates back knows them from the outset.
 */
export type ShownUpdate = {
  readonly version: number;
  readonly by: 'source' | 'own' | 'other';
  readonly intendedMs: number;
  readonly acceptedMs: number;
  readonly knownMs: number;
};

/**
 * The exchange between one client and the server between two instants of the window. All times are milliseconds from
 * the start of the window. Messages, holds and updates are those of which some part lies between the two.
 */
export type Sequence = {
  readonly transport: Transport;
  readonly fromMs: number;
  readonly toMs: number;
  readonly messages: readonly Message[];
  readonly holds: readonly Hold[];
  readonly updates: readonly ShownUpdate[];
  /** False if clients publish in this scenario, but the run did not record what this one sent. */
  readonly recordsPublishes: boolean;
};

/** A request answered sooner than this was served, not held. */
const leastHoldMs = 5;
/** Share of a picture before its first update. */
const leadShare = 0.12;
const shortestMs = 1_000;
const longestMs = 6_000;
const wantedUpdates = 3;
/** A picture is so much longer than the time between its first and its last wanted update. */
const roomForLast = 1.3;

type Scenario = PlannedScenario['scenario'];

/**
 * The exchanges of one block, all over the same time, so that they can be shown side by side; empty if none was
 * recorded.
 */
export function sequencesOf({ planned, transports }: ScenarioAnalysis): readonly Sequence[] {
  const recorded = transports.flatMap(({ transport, valid }) => {
    const exchange = valid.map(({ trial }) => trial.exchange).find((each) => each !== null);
    return exchange ? [{ transport, exchange }] : [];
  });
  return sequencesFrom(planned.scenario, recorded);
}

type Recorded = { readonly transport: Transport; readonly exchange: Exchange };

/** The sequences of recorded exchanges, over the same time. */
export function sequencesFrom(scenario: Scenario, recorded: readonly Recorded[]): readonly Sequence[] {
  if (recorded.length === 0) return [];
  const span = spanOf(
    recorded.map(({ exchange }) => exchange),
    askedEveryMs(scenario),
  );
  return recorded.map(({ transport, exchange }) => sequenceOf(transport, exchange, scenario, span));
}

/** The short-polling interval, in milliseconds, of the client whose exchange is recorded. */
export function askedEveryMs({ pollCohortsMs, pollIntervalMs }: Scenario): number {
  // The recorded client is client 0, in the first cohort.
  return pollCohortsMs?.[0] ?? pollIntervalMs;
}

/**
 * A span long enough for some updates and two polls, and for an update of the client's own if there is one in time. It
 * begins a little before the first update, so that no update comes before it.
 */
function spanOf(exchanges: readonly Exchange[], pollIntervalMs: number): readonly [number, number] {
  const completeMs = Math.min(...exchanges.map((exchange) => exchange.completeMs));
  const updates = exchanges[0]!.updates.filter(({ intendedMs }) => intendedMs < completeMs);
  const instants = updates.map(({ intendedMs }) => intendedMs).sort((a, b) => a - b);
  const firstMs = instants[0] ?? 0;
  const lastMs = instants[wantedUpdates - 1] ?? instants.at(-1) ?? 0;
  const ownMs = updates.find(({ own }) => own)?.intendedMs ?? 0;
  const [upToLastMs, upToOwnMs] = [lastMs, ownMs].map((ms) => (ms - firstMs) * roomForLast) as [number, number];
  const wantedMs = Math.max(2.3 * pollIntervalMs, upToLastMs, upToOwnMs > longestMs ? 0 : upToOwnMs);
  const lengthMs = Math.min(completeMs, Math.max(shortestMs, Math.min(longestMs, wantedMs)));
  const fromMs = Math.max(0, Math.min(firstMs - leadShare * lengthMs, completeMs - lengthMs));
  return [fromMs, fromMs + lengthMs];
}

function sequenceOf(
  transport: Transport,
  exchange: Exchange,
  scenario: Scenario,
  [fromMs, toMs]: readonly [number, number],
): Sequence {
  const within = (start: number, end: number) => end >= fromMs && start <= toMs;
  const messages = messagesOf(exchange);
  return {
    transport,
    fromMs,
    toMs,
    messages: messages.filter(({ sentMs, receivedMs }) => within(sentMs ?? receivedMs!, receivedMs ?? sentMs!)),
    holds: holdsOf(transport, exchange).filter((hold) => within(hold.fromMs, hold.toMs)),
    updates: exchange.updates
      .map((update) => shownUpdate(update, messages, scenario))
      .filter(({ intendedMs, acceptedMs, knownMs }) => within(intendedMs, Math.max(acceptedMs, knownMs))),
    recordsPublishes: exchange.publishes !== undefined || !publishesAtAll(scenario),
  };
}

function shownUpdate(
  { version, intendedMs, acceptedMs, own }: Exchange['updates'][number],
  messages: readonly Message[],
  { origin, echo }: Scenario,
): ShownUpdate {
  const by = own ? 'own' : origin === 'client' ? 'other' : 'source';
  return {
    version,
    by,
    intendedMs,
    acceptedMs,
    knownMs: own && !echo ? intendedMs : knownMs(messages, version),
  };
}

function knownMs(messages: readonly Message[], version: number): number {
  const brings = messages.filter((message) => bringsNews(message) && message.version! >= version);
  return Math.min(...brings.map(({ receivedMs }) => receivedMs ?? Number.POSITIVE_INFINITY));
}

/**
 * Holds last from a request's arrival to its answer's departure. The first may have begun before the recording, the
 * last may go on after it. A long poll that is neither asked nor answered in the recording was held all the time.
 */
function holdsOf(transport: Transport, { events, completeMs }: Exchange): readonly Hold[] {
  const holds: Hold[] = [];
  const atServer = events.filter(({ side, kind }) => side === 'server' && kind !== 'update');
  const isHeldThroughout = transport === 'long-polling' && events.length === 0;
  let sinceMs: number | undefined = isHeldThroughout || atServer[0]?.kind === 'answer' ? 0 : undefined;
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

/** The updates that the server accepted between the two instants. Others lie at the edge: due, but accepted later. */
export function acceptedIn({ updates, fromMs, toMs }: Sequence): readonly ShownUpdate[] {
  return updates.filter(({ acceptedMs }) => acceptedMs >= fromMs && acceptedMs <= toMs);
}
