import type { Exchange } from '../../results/schema/schema.ts';

/** `publish`: an update by the client. `input`: what only the server reads. `push`: an update that was not asked for. */
export type MessageKind = 'poll' | 'answer' | 'push' | 'publish' | 'input' | 'acknowledgement';

/**
 * Something that crossed the wire, in milliseconds from the start of the window. An instant is null where the recording
 * does not have it: the message left before the recording, arrived after it, or was lost.
 */
export type Message = {
  readonly kind: MessageKind;
  readonly sentMs: number | null;
  readonly receivedMs: number | null;
  /** Of an answer or a push, the newest version carried, null if nothing was new; of a publish, what it became. */
  readonly version: number | null;
};

type Event = Exchange['events'][number];

/** The server once noted a push after it had sent it, so the client may seem to have it so much earlier. */
const noteMs = 1;

export function isUp({ kind }: Message): boolean {
  return kind === 'poll' || kind === 'publish' || kind === 'input';
}

/** Whether a message tells the client of an update. */
export function bringsNews({ kind, version }: Message): boolean {
  return (kind === 'answer' || kind === 'push') && version !== null;
}

/** Pairs what one side sent with what the other received, and adds what the client published. In order of time. */
export function messagesOf(exchange: Exchange): readonly Message[] {
  const of = (side: Event['side'], kind: Event['kind']) =>
    exchange.events.filter((event) => event.side === side && event.kind === kind);
  const messages = [
    ...inTurn('poll', of('client', 'request'), of('server', 'request')),
    ...inTurn('answer', of('server', 'answer'), of('client', 'answer')),
    ...pushes(of('server', 'update'), of('client', 'update')),
    ...published(exchange),
  ];
  return messages.map(forward).sort((a, b) => startMs(a) - startMs(b));
}

function startMs({ sentMs, receivedMs }: Message): number {
  return sentMs ?? receivedMs ?? Number.POSITIVE_INFINITY;
}

function forward(message: Message): Message {
  const { sentMs, receivedMs } = message;
  if (sentMs === null || receivedMs === null) return message;
  return { ...message, receivedMs: Math.max(sentMs, receivedMs) };
}

/** One poll is outstanding at a time, so the first arrival between two sendings belongs to the earlier one. */
function inTurn(kind: 'poll' | 'answer', sent: readonly Event[], received: readonly Event[]): readonly Message[] {
  const arrivals = sent.map(({ atMs }, place) => {
    const nextMs = sent[place + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    return received.find((event) => event.atMs >= atMs && event.atMs < nextMs);
  });
  return [
    ...sent.map(({ atMs, version }, place) => ({
      kind,
      sentMs: atMs,
      receivedMs: arrivals[place]?.atMs ?? null,
      version,
    })),
    ...received.filter((event) => !arrivals.includes(event)).map((event) => withoutSending(kind, event)),
  ];
}

function withoutSending(kind: MessageKind, { atMs, version }: Event): Message {
  return { kind, sentMs: null, receivedMs: atMs, version };
}

/**
 * A receipt belongs to the last push before it of a version that is not newer than what the client then had: an earlier
 * push of the same version was lost. The client notes the newest version that it has, which may be its own update.
 */
function pushes(sent: readonly Event[], received: readonly Event[]): readonly Message[] {
  const arrivals = new Map<Event, number>();
  const unsent: Message[] = [];
  for (const receipt of received) {
    const push = sent.findLast(
      (event) =>
        !arrivals.has(event) && event.atMs <= receipt.atMs + noteMs && (event.version ?? 0) <= (receipt.version ?? 0),
    );
    if (push) arrivals.set(push, receipt.atMs);
    else unsent.push(withoutSending('push', receipt));
  }
  return [
    ...sent.map((event) => ({
      kind: 'push' as const,
      sentMs: event.atMs,
      receivedMs: arrivals.get(event) ?? null,
      version: event.version,
    })),
    ...unsent,
  ];
}

/** Runs from before publishes were recorded have only the client's updates, from the intended instant on. */
function published({ publishes, updates }: Exchange): readonly Message[] {
  if (!publishes) {
    return updates
      .filter(({ own }) => own)
      .map(({ version, intendedMs, acceptedMs }) => ({
        kind: 'publish',
        sentMs: intendedMs,
        receivedMs: acceptedMs,
        version,
      }));
  }
  return publishes.flatMap(({ kind, version, sentMs, acceptedMs, answeredMs, acknowledgedMs }): readonly Message[] => [
    { kind: kind === 'update' ? 'publish' : 'input', sentMs, receivedMs: acceptedMs, version },
    ...(answeredMs === null && acknowledgedMs === null
      ? []
      : [{ kind: 'acknowledgement' as const, sentMs: answeredMs, receivedMs: acknowledgedMs, version: null }]),
  ]);
}
