import { codecs } from '../protocol/codec.ts';
import { payloadPool } from '../scenarios/payloads.ts';
import { seedFrom } from '../scenarios/random.ts';
import type { Payload, Scenario } from '../scenarios/scenario.ts';
import { pollPhasesUs, publishes } from '../scenarios/schedule.ts';
import type { Track } from './agenda.ts';
import type { ConnectedClient, Crowd } from './crowd.ts';
import { createPollTrack } from './poll-track.ts';
import { createPublishTrack } from './publish-track.ts';

/** One phase: what the schedule of this seed asks for in the window. */
export type Phase = {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly startUs: number;
  readonly durationUs: number;
};

/** The publishes that the phase asks of this crowd, each at its intended instant. */
export function publishTrack({ scenario, seed, startUs, durationUs }: Phase, crowd: Crowd): Track {
  const { clients, from, tally, lateness, clock } = crowd;
  const codec = codecs[scenario.encoding];
  const pool = (payload: Payload, name: string) => payloadPool(payload, scenario.encoding, seedFrom(seed, name));
  const updates = scenario.origin === 'client' ? pool(scenario.payload, 'publish-payload') : [];
  const inputs = scenario.inputs ? pool(scenario.inputs.payload, 'input-payload') : [];
  const planned = publishes(scenario, seed, durationUs).filter(({ client }) => clients[client - from] !== undefined);

  return createPublishTrack(planned, startUs, ({ client, channel, kind }, intendedUs) => {
    const publisher = clients[client - from]!;
    const payloads = kind === 'input' ? inputs : updates;
    const sequence = publisher.nextSequence(channel);
    const payload = payloads[(sequence + client) % payloads.length]!;
    const bytes = codec.encode({ version: sequence, channel, intendedUs, payload });
    if (kind === 'input') tally.publishedInputs++;
    else tally.publishedUpdates++;
    tally.publishedBytes += bytes.length;
    lateness.publish.record(clock.nowUs() - intendedUs);
    publisher.transport.publish(sequence, bytes);
  });
}

/**
 * The polls of a crowd that has to be told when to ask; none for the other transports. They go on behind the window for
 * the clients that `isBehind` names, and are counted apart there.
 */
export function pollTracks(
  { scenario, seed, startUs, durationUs }: Phase,
  crowd: Crowd,
  isBehind: (client: ConnectedClient) => boolean,
): readonly Track[] {
  const { clients, from, tally, lateness, clock } = crowd;
  if (!clients[0]?.transport.poll) return [];
  const endUs = startUs + durationUs;
  const plan = {
    startUs,
    intervalUs: scenario.pollIntervalMs * 1000,
    phasesUs: pollPhasesUs(scenario, seed).slice(from, from + clients.length),
  };
  return [
    createPollTrack(plan, (place, intendedUs) => {
      const client = clients[place]!;
      if (intendedUs >= endUs) {
        if (isBehind(client)) client.transport.poll?.(true);
        return;
      }
      tally.intendedPolls++;
      lateness.poll.record(clock.nowUs() - intendedUs);
      if (!client.transport.poll?.(false)) tally.skippedPolls++;
    }),
  ];
}
