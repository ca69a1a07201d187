import { answeredAfterMs, type Conditions, delayedAckMs } from './conditions.ts';

/**
 * The model played through on given instants: what one client meets that asks, or is sent to, as the transport says.
 * Exact for any arrivals, and for a window that begins and ends; the closed forms are about a steady state. All instants
 * are milliseconds from the start of the window, at the server unless a name says otherwise.
 */
export type Replay = {
  /** Polls of the window: short ones left within it, long ones were answered within it. */
  readonly requests: number;
  /** Polls after the window, which bring the updates that the client still lacks. */
  readonly late: { readonly requests: number; readonly updates: number };
  readonly emptyAnswers: number;
  /** Polls that were answered only after `delayedAckMs`. */
  readonly heldAnswers: number;
  /** Of each update that was delivered. */
  readonly latenciesMs: readonly number[];
  /** From each update to knowing it or a newer one. */
  readonly stalenessMs: readonly number[];
  /** Time within the window for which the view was not the newest. */
  readonly staleMs: number;
};

/** The updates of the client's channel, ascending, and the length of the window. */
export type Schedule = { readonly instantsMs: readonly number[]; readonly durationMs: number };

/** An answer or a message: when it left the server, and how many updates it had then. */
type Sent = { readonly atMs: number; readonly upTo: number };

type Played = Pick<Replay, 'requests' | 'late' | 'emptyAnswers' | 'heldAnswers'> & { readonly sent: readonly Sent[] };

/** A stream sends each update at once. */
export function replayStream(schedule: Schedule, conditions: Conditions): Replay {
  const sent = schedule.instantsMs.map((atMs, place) => ({ atMs, upTo: place + 1 }));
  return settled(schedule, conditions, { requests: 0, late: none, emptyAnswers: 0, heldAnswers: 0, sent });
}

const none = { requests: 0, updates: 0 };

/**
 * Short polls leave the client at `firstPollMs` and at each interval after it, within the window, and then as long as
 * the client lacks an update.
 */
export function replayShortPolling(schedule: Schedule, conditions: Conditions, firstPollMs: number): Replay {
  const { instantsMs, durationMs } = schedule;
  const { pollIntervalMs, roundTripMs } = conditions;
  const sent: Sent[] = [];
  let [requests, emptyAnswers, upTo, answeredMs] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  let late = none;
  for (let atMs = firstPollMs; atMs < durationMs || upTo < instantsMs.length; atMs += pollIntervalMs) {
    if (atMs < answeredMs) continue;
    answeredMs = atMs + answeredAfterMs(conditions);
    const reachesMs = atMs + roundTripMs / 2;
    const had = upTo;
    while (upTo < instantsMs.length && instantsMs[upTo]! <= reachesMs) upTo++;
    if (upTo > had) sent.push({ atMs: reachesMs, upTo });
    if (atMs >= durationMs) {
      late = oneMore(late, upTo - had);
      continue;
    }
    requests++;
    if (upTo === had) emptyAnswers++;
  }
  return settled(schedule, conditions, { requests, late, emptyAnswers, heldAnswers: 0, sent });
}

/**
 * A long poll is under way when the window begins, as long after its request as `heldMs` says. Polls go on until the
 * client has every update.
 */
export function replayLongPolling(schedule: Schedule, conditions: Conditions, heldMs = 0): Replay {
  const { instantsMs, durationMs } = schedule;
  const { holdMs } = conditions;
  const sent: Sent[] = [];
  let [requests, emptyAnswers, heldAnswers, upTo] = [0, 0, 0, 0];
  let late = none;
  // When the request under way reached the server.
  let askedMs = -heldMs;
  while (askedMs < durationMs || upTo < instantsMs.length) {
    const nextMs = instantsMs[upTo] ?? Number.POSITIVE_INFINITY;
    const answeredMs = Math.max(askedMs, Math.min(nextMs, askedMs + holdMs));
    if (upTo >= instantsMs.length && answeredMs >= durationMs) break;
    const had = upTo;
    while (upTo < instantsMs.length && instantsMs[upTo]! <= answeredMs) upTo++;
    if (upTo > had) sent.push({ atMs: answeredMs, upTo });
    if (answeredMs < durationMs) {
      requests++;
      if (upTo === had) emptyAnswers++;
      if (answeredMs - askedMs > delayedAckMs) heldAnswers++;
    } else {
      late = oneMore(late, upTo - had);
    }
    askedMs = answeredMs + answeredAfterMs(conditions);
  }
  return settled(schedule, conditions, { requests, late, emptyAnswers, heldAnswers, sent });
}

function oneMore({ requests, updates }: Replay['late'], brought: number): Replay['late'] {
  return { requests: requests + 1, updates: updates + brought };
}

/** What was received, from what was sent. */
function settled({ instantsMs, durationMs }: Schedule, conditions: Conditions, played: Played): Replay {
  const { semantics, oneWayMs } = conditions;
  const { sent, ...counts } = played;
  const latenciesMs: number[] = [];
  const stalenessMs: number[] = [];
  let [from, staleMs] = [0, 0];
  for (const { atMs, upTo } of sent) {
    const receivedMs = atMs + oneWayMs;
    for (let place = from; place < upTo; place++) {
      stalenessMs.push(receivedMs - instantsMs[place]!);
      if (semantics === 'every' || place === upTo - 1) latenciesMs.push(receivedMs - instantsMs[place]!);
    }
    from = upTo;
  }
  staleMs = staleTimeMs(instantsMs, sent, oneWayMs, durationMs);
  return { ...counts, latenciesMs, stalenessMs, staleMs };
}

/** The time between 0 and the end for which the server has had more than the client had received. */
function staleTimeMs(
  instantsMs: readonly number[],
  sent: readonly Sent[],
  oneWayMs: number,
  durationMs: number,
): number {
  let [total, received, newest] = [0, 0, 0];
  let sinceMs = 0;
  const events = [
    ...instantsMs.map((atMs, place) => ({ atMs, newest: place + 1, received: 0 })),
    ...sent.map(({ atMs, upTo }) => ({ atMs: atMs + oneWayMs, newest: 0, received: upTo })),
  ].sort((a, b) => a.atMs - b.atMs);
  for (const event of events) {
    const atMs = Math.min(event.atMs, durationMs);
    if (received < newest) total += atMs - sinceMs;
    sinceMs = atMs;
    newest = Math.max(newest, event.newest);
    received = Math.max(received, event.received);
  }
  return total + (received < newest ? durationMs - sinceMs : 0);
}
