import { codecs } from '../../protocol/codec.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import { seedFrom } from '../../scenarios/random.ts';
import { cohortOf, type Payload, pollIntervalsMs, type Scenario } from '../../scenarios/scenario.ts';
import { type PlannedPublish, pollPhasesUs, publishes } from '../../scenarios/schedule.ts';
import type { Track } from './agenda.ts';
import type { ConnectedClient, Crowd } from './crowd.ts';
import { createPollTrack } from './poll-track.ts';
import { createPublishTrack } from './publish-track.ts';

/** One phase: the schedule of this seed in a window of this length. */
export type Phase = {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly durationUs: number;
};

/** Plans and payloads of a phase. Made before its start is announced, because that takes time. */
export type PreparedPhase = Phase & {
  readonly publishes: readonly PlannedPublish[];
  readonly updates: readonly Buffer[];
  readonly inputs: readonly Buffer[];
  readonly phasesUs: Float64Array;
};

/** Prepares the part of the phase that falls to this crowd. */
export function preparePhase(phase: Phase, { clients, from }: Crowd): PreparedPhase {
  const { scenario, seed, durationUs } = phase;
  const pool = (payload: Payload, name: string) => payloadPool(payload, scenario.encoding, seedFrom(seed, name));
  return {
    ...phase,
    publishes: publishes(scenario, seed, durationUs).filter(({ client }) => clients[client - from] !== undefined),
    updates: scenario.origin === 'client' ? pool(scenario.payload, 'publish-payload') : [],
    inputs: scenario.inputs ? pool(scenario.inputs.payload, 'input-payload') : [],
    phasesUs: pollPhasesUs(scenario, seed).slice(from, from + clients.length),
  };
}

/** The publishes of this crowd, each at its intended instant. */
export function publishTrack(phase: PreparedPhase, startUs: number, crowd: Crowd): Track {
  const { clients, from, tally, lateness, clock } = crowd;
  const codec = codecs[phase.scenario.encoding];
  return createPublishTrack(phase.publishes, startUs, ({ client, channel, kind }, intendedUs) => {
    const publisher = clients[client - from]!;
    const payloads = kind === 'input' ? phase.inputs : phase.updates;
    const sequence = publisher.nextSequence(channel);
    const payload = payloads[(sequence + client) % payloads.length]!;
    const bytes = codec.encode({ version: sequence, channel, intendedUs, payload });
    return () => {
      if (kind === 'input') tally.publishedInputs++;
      else tally.publishedUpdates++;
      tally.publishedBytes += bytes.length;
      lateness.publish.record(clock.nowUs() - intendedUs);
      publisher.transport.publish(sequence, bytes);
    };
  });
}

/**
 * Poll tracks of short-polling clients; empty for other transports. After the window, clients for which `isBehind`
 * holds keep polling; those polls are counted separately.
 */
export function pollTracks(
  { scenario, phasesUs, durationUs }: PreparedPhase,
  startUs: number,
  crowd: Crowd,
  isBehind: (client: ConnectedClient) => boolean,
): readonly Track[] {
  const { clients, tally, lateness, clock } = crowd;
  if (!clients[0]?.transport.poll) return [];
  const endUs = startUs + durationUs;
  const poll = (place: number, intendedUs: number) => {
    const client = clients[place]!;
    if (intendedUs >= endUs) {
      if (isBehind(client)) client.transport.poll?.(true);
      return;
    }
    tally.intendedPolls++;
    lateness.poll.record(clock.nowUs() - intendedUs);
    if (!client.transport.poll?.(false)) tally.skippedPolls++;
  };
  return pollIntervalsMs(scenario).map((intervalMs, cohort) => {
    const places = [...clients.keys()].filter((place) => cohortOf(scenario, clients[place]!.client) === cohort);
    return createPollTrack({ startUs, intervalUs: intervalMs * 1000, places, phasesUs }, poll);
  });
}
