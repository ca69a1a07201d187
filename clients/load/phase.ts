import { codecs } from '../../protocol/codec.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import { cohortOf, type Payload, pollIntervalsMs } from '../../scenarios/scenario.ts';
import { type Phase, type PlannedPublish, pollPhasesUs, publishes } from '../../scenarios/schedule.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import type { Track } from './agenda.ts';
import type { ConnectedClient, Crowd } from './crowd.ts';
import { createPollTrack } from './poll-track.ts';
import { createPublishTrack } from './publish-track.ts';

/** Plans and payloads of a phase. Made before its start is announced, because that takes time. */
export type PreparedPhase = Phase & {
  readonly publishes: readonly PlannedPublish[];
  readonly updates: readonly Uint8Array[];
  readonly inputs: readonly Uint8Array[];
  readonly phasesUs: Float64Array;
};

/** Prepares the part of the phase that falls to this crowd. */
export function preparePhase(phase: Phase, { clients, from }: Crowd): PreparedPhase {
  const { scenario, seed } = phase;
  const pool = (payload: Payload, name: string) => payloadPool(payload, scenario.encoding, seedFrom(seed, name));
  return {
    ...phase,
    publishes: publishes(phase).filter(({ client }) => clients[client - from] !== undefined),
    updates: scenario.origin === 'client' ? pool(scenario.payload, 'publish-payload') : [],
    inputs: scenario.inputs ? pool(scenario.inputs.payload, 'input-payload') : [],
    phasesUs: pollPhasesUs(scenario, seed).slice(from, from + clients.length),
  };
}

/** The publishes of this crowd, each at its intended instant. */
export function publishTrack(phase: PreparedPhase, startUs: number, crowd: Crowd): Track {
  const { clients, from, tally, lateness, late, clock } = crowd;
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
      const lateUs = clock.nowUs() - intendedUs;
      lateness.publish.record(lateUs);
      late.note(channel, intendedUs, lateUs);
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
    const afterWindow = intendedUs >= endUs;
    if (afterWindow && !isBehind(client)) return;
    const lateUs = clock.nowUs() - intendedUs;
    const left = client.transport.poll?.(afterWindow) ?? false;
    client.polled(intendedUs, left);
    if (afterWindow) return;
    tally.intendedPolls++;
    lateness.poll.record(lateUs);
    if (!left) tally.skippedPolls++;
  };
  return pollIntervalsMs(scenario).map((intervalMs, cohort) => {
    const places = [...clients.keys()].filter((place) => cohortOf(scenario, clients[place]!.client) === cohort);
    return createPollTrack({ startUs, intervalUs: intervalMs * 1000, places, phasesUs }, poll);
  });
}
