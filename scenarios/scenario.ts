import type { Encoding, Semantics } from '../protocol/contract-terms.ts';

/** When things happen, as a rate or as a list; `arrivals.ts` turns it into seeded intended instants. */
export type Arrivals =
  | { readonly kind: 'constant'; readonly perSecond: number }
  | { readonly kind: 'poisson'; readonly perSecond: number }
  /** Bursts arrive as a Poisson process; each is `size` instants, `gapMs` apart. */
  | { readonly kind: 'bursts'; readonly perSecond: number; readonly size: number; readonly gapMs: number }
  /** A recorded pattern, milliseconds from its start; repeated when the window is longer. */
  | { readonly kind: 'trace'; readonly instantsMs: readonly number[]; readonly lengthMs: number };

/** What an update is about; `payloads.ts` makes realistic content of exactly `bytes` bytes. */
export const payloadKinds = [
  'chat-text',
  'player-positions',
  'quotes',
  'media-chunk',
  'notice',
  'presence',
  'player-input',
  'reaction',
] as const;

export type PayloadKind = (typeof payloadKinds)[number];

export type Payload = { readonly kind: PayloadKind; readonly bytes: number };

/** Messages that each client sends beside its subscription: game inputs, reactions. */
export type Inputs = { readonly arrivals: Arrivals; readonly payload: Payload };

/**
 * A workload: who is connected, what happens, and what a client may miss. Pure data.
 *
 * Client `i` (from 0) subscribes to channel `i % channels`.
 *
 * Every field has its row in `fields.ts`: default, range, texts, options. A field that is added later is optional, since
 * the records on disk do not have it.
 */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  /** One or two sentences for a reader who has never seen it. */
  readonly summary: string;
  readonly clients: number;
  readonly channels: number;
  /** `server`: a source emits the updates. `client`: for each arrival a seeded client of the channel publishes it. */
  readonly origin: 'server' | 'client';
  /** Updates of one channel. */
  readonly arrivals: Arrivals;
  readonly payload: Payload;
  readonly semantics: Semantics;
  readonly encoding: Encoding;
  /** Whether a publisher receives its own update. */
  readonly echo: boolean;
  /** What the server consumes and passes on to no client. */
  readonly inputs?: Inputs;
  /** Short polling asks this often. */
  readonly pollIntervalMs: number;
  /**
   * Short polling only: clients in as many equal parts as there are intervals, each part polling at its own, instead of
   * all at `pollIntervalMs`. One trial then gives a whole curve, measured at the same time on the same machine.
   */
  readonly pollCohortsMs?: readonly number[];
  /** Long polling holds a request this long at most. */
  readonly holdMs: number;
  /** WebSocket pings and SSE comments after this long without an update. */
  readonly heartbeatMs: number;
};

/** How often and how long a scenario is measured. */
export type Times = {
  /** Verdicts need three. With one, the figures are shown and not judged. */
  readonly repeats: number;
  readonly durationMs: number;
  readonly warmupMs: number;
};

/** Channels of the state stream: those that clients subscribe to, and behind them one inbox each for consumed inputs. */
export function channelCount(scenario: Scenario): number {
  return scenario.channels * (scenario.inputs ? 2 : 1);
}

export function inboxOf(scenario: Scenario, channel: number): number {
  return scenario.channels + channel;
}

export function channelOf(scenario: Scenario, client: number): number {
  return client % scenario.channels;
}

/** The client's place in `pollCohortsMs`: each channel spreads its clients over all cohorts. 0 without cohorts. */
export function cohortOf({ channels, pollCohortsMs }: Scenario, client: number): number {
  return Math.floor(client / channels) % (pollCohortsMs?.length ?? 1);
}

/** The intervals at which clients poll, by cohort. */
export function pollIntervalsMs({ pollIntervalMs, pollCohortsMs }: Scenario): readonly number[] {
  return pollCohortsMs ?? [pollIntervalMs];
}

/** How long the most patient client waits between two polls. */
export function longestPollIntervalMs(scenario: Scenario): number {
  return Math.max(...pollIntervalsMs(scenario));
}

/** Whether clients send anything beside their subscription. */
export function publishesAtAll({ origin, inputs }: Scenario): boolean {
  return origin === 'client' || inputs !== undefined;
}

/** Mean instants per second. */
export function ratePerSecond(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return arrivals.perSecond;
    case 'bursts':
      return arrivals.perSecond * arrivals.size;
    case 'trace':
      return (arrivals.instantsMs.length / arrivals.lengthMs) * 1000;
  }
}
