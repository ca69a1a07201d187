import type { Clock } from '../machine/process/clock.ts';

/** The one client of a trial whose exchange with the server both sides write down, to be drawn as it was. */
export const watchedClient = 0;

/** Enough for a picture; recording ends there. */
const mostEvents = 400;

/**
 * What one side did. `request`: a poll was sent, or arrived. `answer`: its answer was sent, or arrived. `update`: the same
 * of a pushed update. `version`: the newest one carried; null: nothing new.
 */
export type ExchangeEvent = {
  readonly atUs: number;
  readonly kind: 'request' | 'answer' | 'update';
  readonly version: number | null;
};

/** One side's view of the exchange of `watchedClient`. */
export type ExchangeLog = {
  /** Does nothing for other clients: it stands in hot paths. */
  readonly note: (client: number | undefined, kind: ExchangeEvent['kind'], version: number | null) => void;
  /** Forgets what was noted so far. */
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

/** What several nodes wrote down, in order of time: only one of them is asked at a time. */
export function mergeExchanges(logs: readonly (readonly ExchangeEvent[])[]): readonly ExchangeEvent[] {
  return logs
    .flat()
    .sort((a, b) => a.atUs - b.atUs)
    .slice(0, mostEvents);
}

/** Until when a log tells everything: its last event if it is full, `Infinity` if it is not. */
export function completeUntilUs(events: readonly ExchangeEvent[]): number {
  return events.length < mostEvents ? Number.POSITIVE_INFINITY : events.at(-1)!.atUs;
}
