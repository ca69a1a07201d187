import type { Clock } from '../machine/process/clock.ts';

/** The client whose exchange with the server both sides record, so that the report can draw it. */
export const watchedClient = 0;

/** Enough for a picture; later events are not recorded. */
const mostEvents = 400;

/**
 * One event on one side. `request`: a poll was sent or arrived. `answer`: a poll's answer was sent or arrived.
 * `update`: a pushed update was sent or arrived. `version`: the newest version carried; null: nothing new.
 */
export type ExchangeEvent = {
  readonly atUs: number;
  readonly kind: 'request' | 'answer' | 'update';
  readonly version: number | null;
};

/** One side's record of the exchange of `watchedClient`. */
export type ExchangeLog = {
  /** Ignores all other clients at little cost: it is called in hot paths. */
  readonly note: (client: number | undefined, kind: ExchangeEvent['kind'], version: number | null) => void;
  /** Discards all events recorded so far. */
  readonly begin: () => void;
  readonly events: () => readonly ExchangeEvent[];
};

export function createExchangeLog(clock: Clock): ExchangeLog {
  let events: ExchangeEvent[] = [];
  return {
    note: (client, kind, version) => {
      if (client !== watchedClient || events.length >= mostEvents) return;
      events.push({ atUs: clock.nowUs(), kind, version });
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
