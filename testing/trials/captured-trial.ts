import { join } from 'node:path';
import type { Bundle } from '../../bench/local/bundle.ts';
import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { innerDevice } from '../../network/link/link-plan.ts';
import { type Route, routeName } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { type CapturedFrame, startCapture } from './capture.ts';
import { isolatedTrial, smallScenario } from './isolated-trial.ts';

/** For tests only: a trial, and everything that passed the device of the clients' host from its start to its end. */
export type CapturedTrial = { readonly record: CompletedTrial; readonly frames: readonly CapturedFrame[] };

type Asked = { readonly transport: Transport; readonly route: Route; readonly rttMs: number };

/**
 * Runs a short trial with tcpdump on the clients' side of an isolated network. Again, up to four times, if a packet was
 * lost or sent again: a busy machine does that, and then the two hosts rightly count differently.
 */
export async function capturedTrial(bundle: Bundle, asked: Asked): Promise<CapturedTrial> {
  for (let attempt = 1; ; attempt++) {
    const captured = await captureOnce(bundle, asked);
    if (wasUndisturbed(captured.record) || attempt === 4) return captured;
  }
}

async function captureOnce(bundle: Bundle, { transport, route, rttMs }: Asked): Promise<CapturedTrial> {
  let stop: () => Promise<readonly CapturedFrame[]> = async () => [];
  const prepare = async (network: IsolatedNetwork): Promise<IsolatedNetwork> => {
    const file = join(bundle.directory, `${transport}-${routeName(route)}.pcap`);
    ({ stop } = await startCapture(network.enter.client, innerDevice, file));
    return network;
  };
  const options = { manyClientAddresses: route.proxy !== null };
  try {
    const record = await isolatedTrial(bundle, { scenario: smallScenario, transport, route, rttMs, options, prepare });
    return { record, frames: await stop() };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

function wasUndisturbed({ bytes: { packets } }: CompletedTrial): boolean {
  const directions = [packets!.window, packets!.setUp].flatMap(({ down, up }) => [down, up]);
  return directions.every(({ retransmittedSegments, lostPackets }) => retransmittedSegments + lostPackets === 0);
}

const macs = { down: '020000000001', up: '020000000002' } as const;

/** Packets and bytes of one stage in one direction, as the record and as the capture has them. */
export type Agreement = {
  readonly what: string;
  readonly recorded: FrameSum;
  readonly captured: FrameSum;
};

type FrameSum = { readonly packets: number; readonly bytes: number };

/** Cuts the capture at the instants of the record, and puts its sums beside those of the record. */
export function compareWithCapture({ record, frames }: CapturedTrial): readonly Agreement[] {
  const { connectedAt, openedAt, closedAt } = record.window.edges!;
  const stages = { setUp: [0, Date.parse(connectedAt)], window: [Date.parse(openedAt), Date.parse(closedAt)] } as const;
  return (['setUp', 'window'] as const).flatMap((stage) =>
    (['up', 'down'] as const).map((direction) => {
      const { packets, frameBytes } = record.bytes.packets![stage][direction];
      const [from, to] = stages[stage];
      return {
        what: `${stage} ${direction}`,
        recorded: { packets, bytes: frameBytes },
        captured: sumOf(
          frames.filter(({ sourceMac, atMs }) => sourceMac === macs[direction] && atMs > from && atMs <= to),
        ),
      };
    }),
  );
}

function sumOf(frames: readonly CapturedFrame[]): FrameSum {
  return { packets: frames.length, bytes: frames.reduce((sum, { bytes }) => sum + bytes, 0) };
}
