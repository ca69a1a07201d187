import { accelerated, arrivalInstantsUs } from './arrivals.ts';
import { type Random, randomFrom, seedFrom } from './random.ts';
import { channelOf, cohortOf, inboxOf, pollIntervalsMs, type Scenario } from './scenario.ts';

/**
 * Seed of one phase of a trial. The plans below are whole microseconds from the start of the phase. Each channel and
 * client has its own random stream, so adding one leaves the plans of the others unchanged. The same seed gives the
 * same plan for every transport.
 */
export type Seed = string | number;

/** The source emits an update of this channel. */
export type Emission = { readonly atUs: number; readonly channel: number };

/** A client publishes an update for other clients, or an input into an inbox without readers. */
export type PlannedPublish = {
  readonly atUs: number;
  readonly client: number;
  readonly channel: number;
  readonly kind: 'update' | 'input';
};

/** What the source emits, sorted; empty when clients are the origin. */
export function emissions(scenario: Scenario, seed: Seed, durationUs: number): readonly Emission[] {
  if (scenario.origin !== 'server') return [];
  const planned = numbers(scenario.channels).flatMap((channel) =>
    arrivalInstantsUs(scenario.arrivals, durationUs, stream(seed, 'emissions', channel)).map((atUs) => ({
      atUs,
      channel,
    })),
  );
  return planned.sort((a, b) => a.atUs - b.atUs || a.channel - b.channel);
}

/** What clients publish, sorted: updates when clients are the origin, and inputs when the scenario has them. */
export function publishes(scenario: Scenario, seed: Seed, durationUs: number): readonly PlannedPublish[] {
  const planned = [...plannedUpdates(scenario, seed, durationUs), ...plannedInputs(scenario, seed, durationUs)];
  return planned.sort((a, b) => a.atUs - b.atUs || a.channel - b.channel || a.client - b.client);
}

/** One client of the channel for each arrival, all equally likely. A channel without clients stays silent. */
function plannedUpdates(scenario: Scenario, seed: Seed, durationUs: number): readonly PlannedPublish[] {
  if (scenario.origin !== 'client') return [];
  return membersByChannel(scenario).flatMap((members, channel) => {
    if (members.length === 0) return [];
    const authors = stream(seed, 'authors', channel);
    return arrivalInstantsUs(scenario.arrivals, durationUs, stream(seed, 'publishes', channel)).map(
      (atUs): PlannedPublish => ({ atUs, client: authors.pick(members), channel, kind: 'update' }),
    );
  });
}

function membersByChannel(scenario: Scenario): readonly (readonly number[])[] {
  const members = numbers(scenario.channels).map((): number[] => []);
  for (const client of numbers(scenario.clients)) members[channelOf(scenario, client)]!.push(client);
  return members;
}

function plannedInputs(scenario: Scenario, seed: Seed, durationUs: number): readonly PlannedPublish[] {
  const { inputs } = scenario;
  if (!inputs) return [];
  return numbers(scenario.clients).flatMap((client) => {
    const channel = inboxOf(scenario, channelOf(scenario, client));
    return arrivalInstantsUs(inputs.arrivals, durationUs, stream(seed, 'inputs', client)).map(
      (atUs): PlannedPublish => ({ atUs, client, channel, kind: 'input' }),
    );
  });
}

/**
 * Start of each client's first poll in microseconds, uniform within its polling interval, so that polls are not in
 * step.
 */
export function pollPhasesUs(scenario: Scenario, seed: Seed): Float64Array {
  const intervalsMs = pollIntervalsMs(scenario);
  return Float64Array.from(
    numbers(scenario.clients),
    (client) => stream(seed, 'poll-phase', client).float() * intervalsMs[cohortOf(scenario, client)]! * 1000,
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

function stream(seed: Seed, name: string, index: number): Random {
  return randomFrom(seedFrom(seed, name, index));
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
