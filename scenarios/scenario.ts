import type { Encoding, Semantics } from '../protocol/contract-terms.ts';

/**
 * When events happen, as a rate or a list. `window-arrivals.ts` turns it into the seeded intended instants of a measured
 * window, `arrivals.ts` into those of a warm-up.
 */
export type Arrivals =
  | { readonly kind: 'constant'; readonly perSecond: number }
  | { readonly kind: 'poisson'; readonly perSecond: number }
  /** Bursts begin as a Poisson process with `perSecond` bursts; each has `size` instants, `gapMs` apart. */
  | { readonly kind: 'bursts'; readonly perSecond: number; readonly size: number; readonly gapMs: number }
  /** A recorded pattern in milliseconds from its start. It repeats every `lengthMs` when the window is longer. */
  | { readonly kind: 'trace'; readonly instantsMs: readonly number[]; readonly lengthMs: number };

/** A recorded pattern of arrivals. */
export type Trace = Omit<Extract<Arrivals, { kind: 'trace' }>, 'kind'>;

/** Kinds of content; `payloads.ts` makes realistic payloads of exactly `bytes` bytes. */
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

/** Messages of one kind, besides the updates of the channels. */
export type Messages = { readonly arrivals: Arrivals; readonly payload: Payload };

/**
 * A workload: who is connected, what happens, and what a client may miss. Plain data.
 * Client `i` (from 0) subscribes to channel `i % channels`.
 * Each field has a row in `fields.ts` with default, range, texts and options. Fields added later must be optional,
 * since older records lack them.
 */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  /** One or two sentences for a reader who does not know the scenario. */
  readonly summary: string;
  readonly clients: number;
  readonly channels: number;
  /**
   * `server`: a source emits the updates. `client`: for each arrival, a seeded client of the channel publishes the
   * update.
   */
  readonly origin: 'server' | 'client';
  /** Updates of each channel. */
  readonly arrivals: Arrivals;
  readonly payload: Payload;
  readonly semantics: Semantics;
  readonly encoding: Encoding;
  /** Whether a publisher receives its own update. */
  readonly echo: boolean;
  /** Messages of each client that the server consumes and sends to no client, such as game inputs or reactions. */
  readonly inputs?: Messages;
  /** Updates for all clients at once: each takes its place in every channel. Only where the server is the origin. */
  readonly broadcast?: Messages;
  /** Interval between the starts of two short polls of a client. */
  readonly pollIntervalMs: number;
  /**
   * Short polling only: divides the clients into equal cohorts, one per interval, in place of `pollIntervalMs`. One
   * trial then gives a whole curve, measured at the same time on the same machine.
   */
  readonly pollCohortsMs?: readonly number[];
  /** Longest time for which a long poll is held. */
  readonly holdMs: number;
  /** Silence after which WebSocket sends a ping and SSE a comment. */
  readonly heartbeatMs: number;
};

/** How often and how long a scenario is measured. */
export type Times = {
  /** Trials per scenario and transport. Verdicts need three; with fewer, figures are shown without a verdict. */
  readonly repeats: number;
  readonly durationMs: number;
  readonly warmupMs: number;
};

/** Channels of the state stream: those that clients subscribe to, followed by one inbox per channel for inputs. */
export function channelCount(scenario: Scenario): number {
  return scenario.channels * (scenario.inputs ? 2 : 1);
}

export function inboxOf(scenario: Scenario, channel: number): number {
  return scenario.channels + channel;
}

export function channelOf(scenario: Scenario, client: number): number {
  return client % scenario.channels;
}

/**
 * Index of the client's cohort in `pollCohortsMs`; each channel spreads its clients over all cohorts. 0 without
 * cohorts.
 */
export function cohortOf({ channels, pollCohortsMs }: Scenario, client: number): number {
  return Math.floor(client / channels) % (pollCohortsMs?.length ?? 1);
}

/** Polling intervals in milliseconds, by cohort. */
export function pollIntervalsMs({ pollIntervalMs, pollCohortsMs }: Scenario): readonly number[] {
  return pollCohortsMs ?? [pollIntervalMs];
}

/** The longest polling interval of any client, in milliseconds. */
export function longestPollIntervalMs(scenario: Scenario): number {
  return Math.max(...pollIntervalsMs(scenario));
}

/** Whether clients publish anything, updates or inputs. */
export function publishesAtAll({ origin, inputs }: Pick<Scenario, 'origin'> & { readonly inputs?: unknown }): boolean {
  return origin === 'client' || inputs !== undefined;
}

/** Mean number of instants per second; counts each update of a burst. */
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

/** The same kind of arrivals at another mean rate, in instants per second. A trace becomes Poisson arrivals. */
export function atRate(arrivals: Arrivals, perSecond: number): Arrivals {
  switch (arrivals.kind) {
    case 'constant':
    case 'poisson':
      return { ...arrivals, perSecond };
    case 'bursts':
      return { ...arrivals, perSecond: perSecond / arrivals.size };
    case 'trace':
      return { kind: 'poisson', perSecond };
  }
}
