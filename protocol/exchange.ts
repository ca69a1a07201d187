import type { Clock } from '../machine/process/clock.ts';
import type { Codec } from './codec.ts';

/** The client whose exchange with the server both sides record, so that the report can draw it. */
export const watchedClient = 0;

/** Enough for a picture; later events are not recorded. */
const mostEvents = 400;

/**
 * `request`: a poll was sent or arrived. `answer`: a poll's answer was sent or arrived. `update`: a pushed update was
 * sent or arrived.
 */
type Delivering = 'request' | 'answer' | 'update';

/**
 * One event on one side. `version`: the newest version carried; null: nothing new. `publish`: the client sent an update
 * or an input, again after a lost connection; the server's side is in the accepted updates. `acknowledgement`: that of a
 * publish was sent or arrived.
 */
export type ExchangeEvent =
  | { readonly atUs: number; readonly kind: Delivering; readonly version: number | null }
  | {
      readonly atUs: number;
      readonly kind: 'publish';
      readonly sequence: number;
      readonly channel: number;
      readonly intendedUs: number;
    }
  | { readonly atUs: number; readonly kind: 'acknowledgement'; readonly sequence: number };

/** One side's record of the exchange of `watchedClient`. It ignores all other clients at little cost. */
export type ExchangeLog = {
  /** Called in hot paths, before the message is handed to its connection or after it arrived. */
  readonly note: (client: number | undefined, kind: Delivering, version: number | null) => void;
  /** `bytes`: the encoded publish. */
  readonly notePublish: (client: number, codec: Codec, bytes: Uint8Array) => void;
  readonly noteAcknowledgement: (client: number | undefined, sequence: number) => void;
  /** Discards all events recorded so far. */
  readonly begin: () => void;
  readonly events: () => readonly ExchangeEvent[];
};

export function createExchangeLog(clock: Clock): ExchangeLog {
  let events: ExchangeEvent[] = [];
  const notes = (client: number | undefined) => client === watchedClient && events.length < mostEvents;
  return {
    note: (client, kind, version) => {
      if (notes(client)) events.push({ atUs: clock.nowUs(), kind, version });
    },
    notePublish: (client, codec, bytes) => {
      if (!notes(client)) return;
      const { version: sequence, channel, intendedUs } = codec.decode(bytes);
      events.push({ atUs: clock.nowUs(), kind: 'publish', sequence, channel, intendedUs });
    },
    noteAcknowledgement: (client, sequence) => {
      if (notes(client)) events.push({ atUs: clock.nowUs(), kind: 'acknowledgement', sequence });
    },
    begin: () => {
      events = [];
    },
    events: () => events,
  };
}

/** Merges the events of several nodes by time. Each poll goes to one node, so there are no duplicates. */
export function mergeExchanges(logs: readonly (readonly ExchangeEvent[])[]): readonly ExchangeEvent[] {
  return logs
    .flat()
    .sort((a, b) => a.atUs - b.atUs)
    .slice(0, mostEvents);
}

/** The instant up to which a log is complete: that of its last event if it is full, else `Infinity`. */
export function completeUntilUs(events: readonly ExchangeEvent[]): number {
  return events.length < mostEvents ? Number.POSITIVE_INFINITY : events.at(-1)!.atUs;
}
