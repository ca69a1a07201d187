import { everyChannel } from '../protocol/contract-terms.ts';
import { accelerated, arrivalInstantsUs } from './arrivals.ts';
import { type Random, randomFrom } from './random.ts';
import { type Arrivals, channelOf, cohortOf, inboxOf, pollIntervalsMs, type Scenario } from './scenario.ts';
import { seedFrom } from './seed.ts';
import { type Arrival, arrivalsInWindow } from './window-arrivals.ts';

/**
 * Seed of one phase of a trial. The plans below are whole microseconds from the start of the phase. The same seed gives
 * the same plan for every transport.
 */
export type Seed = string | number;

/** What is played at a time: the schedule of this seed for so long. */
export type Phase = {
  /**
   * In a `window` the number of updates over all channels, and of inputs over all clients, is fixed: the same for every
   * seed, so that repeats differ by the machine and not by the draw. Instants, channels and authors are random.
   * In a `warm-up` the numbers are random too, and each channel and client is drawn by itself.
   */
  readonly kind: 'warm-up' | 'window';
  readonly scenario: Scenario;
  readonly seed: Seed;
  readonly durationUs: number;
};

/** The source emits an update of this channel, or a broadcast: one of every channel (`everyChannel`). */
export type Emission = { readonly atUs: number; readonly channel: number };

/** A client publishes an update for other clients, or an input into an inbox without readers. */
export type PlannedPublish = {
  readonly atUs: number;
  readonly client: number;
  readonly channel: number;
  readonly kind: 'update' | 'input';
};

/** What the source emits, sorted; empty when clients are the origin. */
export function emissions(phase: Phase): readonly Emission[] {
  const { scenario } = phase;
  if (scenario.origin !== 'server') return [];
  const planned = drawn(phase, 'emissions', scenario.arrivals, scenario.channels);
  const updates = planned.map(({ atUs, stream }) => ({ atUs, channel: stream }));
  const { broadcast } = scenario;
  if (!broadcast) return updates;
  const toAll = drawn(phase, 'broadcasts', broadcast.arrivals, 1).map(({ atUs }) => ({ atUs, channel: everyChannel }));
  return [...updates, ...toAll].sort((a, b) => a.atUs - b.atUs || a.channel - b.channel);
}

/** How many updates these emissions make: a broadcast one in each of the `channels` that clients subscribe to. */
export function updatesIn(planned: readonly Emission[], channels: number): number {
  return planned.reduce((sum, { channel }) => sum + (channel === everyChannel ? channels : 1), 0);
}

/** What clients publish, sorted: updates when clients are the origin, and inputs when the scenario has them. */
export function publishes(phase: Phase): readonly PlannedPublish[] {
  const planned = [...plannedUpdates(phase), ...plannedInputs(phase)];
  return planned.sort((a, b) => a.atUs - b.atUs || a.channel - b.channel || a.client - b.client);
}

/** One client of the channel for each arrival, all equally likely. A channel without clients stays silent. */
function plannedUpdates(phase: Phase): readonly PlannedPublish[] {
  const { scenario, seed } = phase;
  if (scenario.origin !== 'client') return [];
  const members = membersByChannel(scenario);
  const authors = members.map((_, channel) => randomOf(seed, 'authors', channel));
  return drawn(phase, 'publishes', scenario.arrivals, members.length).map(({ atUs, stream: channel }) => ({
    atUs,
    client: authors[channel]!.pick(members[channel]!),
    channel,
    kind: 'update',
  }));
}

/** The clients of each channel that has some. Client `i` is in channel `i % channels`: these are the first channels. */
function membersByChannel(scenario: Scenario): readonly (readonly number[])[] {
  const members = numbers(publishedChannels(scenario)).map((): number[] => []);
  for (const client of numbers(scenario.clients)) members[channelOf(scenario, client)]!.push(client);
  return members;
}

/** In how many channels updates happen: where clients are the origin, in those that have one. */
export function publishedChannels({ origin, channels, clients }: Scenario): number {
  return origin === 'client' ? Math.min(channels, clients) : channels;
}

function plannedInputs(phase: Phase): readonly PlannedPublish[] {
  const { scenario } = phase;
  if (!scenario.inputs) return [];
  return drawn(phase, 'inputs', scenario.inputs.arrivals, scenario.clients).map(({ atUs, stream: client }) => ({
    atUs,
    client,
    channel: inboxOf(scenario, channelOf(scenario, client)),
    kind: 'input',
  }));
}

/** The arrivals of all streams together, sorted by instant. `name` tells independent draws of a seed apart. */
function drawn(
  { kind, seed, durationUs }: Phase,
  name: string,
  arrivals: Arrivals,
  streams: number,
): readonly Arrival[] {
  if (kind === 'window') return arrivalsInWindow(arrivals, streams, durationUs, randomOf(seed, name, 'all'));
  return numbers(streams)
    .flatMap((stream) =>
      arrivalInstantsUs(arrivals, durationUs, randomOf(seed, name, stream)).map((atUs) => ({ atUs, stream })),
    )
    .sort((a, b) => a.atUs - b.atUs || a.stream - b.stream);
}

/**
 * Start of each client's first poll in microseconds, uniform within its polling interval, so that polls are not in
 * step.
 */
export function pollPhasesUs(scenario: Scenario, seed: Seed): Float64Array {
  const intervalsMs = pollIntervalsMs(scenario);
  return Float64Array.from(
    numbers(scenario.clients),
    (client) => randomOf(seed, 'poll-phase', client).float() * intervalsMs[cohortOf(scenario, client)]! * 1000,
  );
}

/** The scenario with arrivals, inputs and polls `factor` times as fast; hold and heartbeat stay the same. */
export function accelerate(scenario: Scenario, factor: number): Scenario {
  const { inputs, pollCohortsMs } = scenario;
  return {
    ...scenario,
    arrivals: accelerated(scenario.arrivals, factor),
    ...(inputs && { inputs: { ...inputs, arrivals: accelerated(inputs.arrivals, factor) } }),
    pollIntervalMs: scenario.pollIntervalMs / factor,
    ...(pollCohortsMs && { pollCohortsMs: pollCohortsMs.map((ms) => ms / factor) }),
  };
}

function randomOf(seed: Seed, name: string, index: number | 'all'): Random {
  return randomFrom(seedFrom(seed, name, index));
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
