import type { Transport } from '../../../protocol/transport.ts';
import type { TransportCalibration } from '../../../results/schema/calibration-schema.ts';
import { ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';
import { type Fitted, sendMs } from '../cost/cost.ts';
import { fanOutMs, fanOutWidthMs, type Sender } from '../freshness/fan-out.ts';

/** Processes that share the clients: nodes, and the workers of a proxy. */
export type Size = { readonly nodes: number; readonly workers: number };

/** The readers of an update, spread over processes whose costs are known. */
type Served = { readonly size: Size; readonly calibration: Pick<TransportCalibration, 'server' | 'proxy'> };

/**
 * A node, and behind it a worker of a proxy, each with its share of the readers of a channel. None for short polling:
 * polls come one by one, so none waits for the answers to others.
 */
export function sendersOf(
  transport: Transport,
  scenario: Scenario,
  { size: { nodes, workers }, calibration: { server, proxy } }: Served,
): readonly Sender[] {
  if (transport === 'short-polling') return [];
  const asked = transport === 'long-polling';
  return [
    senderOf(server, scenario, { processes: nodes, asked }),
    ...(proxy ? [senderOf(proxy, scenario, { processes: workers, asked })] : []),
  ];
}

type Share = { readonly processes: number; readonly asked: boolean };

function senderOf(
  model: Fitted,
  { clients, channels, arrivals, payload }: Scenario,
  { processes, asked }: Share,
): Sender {
  const members = clients / channels / processes;
  const readers = Math.max(1, members);
  const all = ratePerSecond(arrivals) * channels;
  // One with fewer clients than channels has no reader for some of the updates.
  const updatesPerSecond = all * Math.min(1, members);
  const work = {
    clients: clients / processes,
    rhythm: { arrivals, channels },
    updatesPerSecond: all,
    requestsPerSecond: asked ? updatesPerSecond * readers : 0,
    deliveriesPerSecond: updatesPerSecond * readers,
    bytesPerSecond: updatesPerSecond * readers * payload.bytes,
    publishesPerSecond: 0,
  };
  return { readers, updatesPerSecond, sendMs: sendMs(model, work, { bytes: payload.bytes, asked }) };
}

const noFanOut = { meanMs: 0, widthMs: 0 };

/** What sending to one reader after the other adds to the latency. */
export function fanOutOf(senders: readonly Sender[]): { readonly meanMs: number; readonly widthMs: number } {
  return senders.length === 0 ? noFanOut : { meanMs: fanOutMs(senders), widthMs: fanOutWidthMs(senders) };
}
