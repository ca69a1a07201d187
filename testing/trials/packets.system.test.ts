import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundlePrograms } from '../../bench/local/bundle.ts';
import type { PacketCounters } from '../../network/isolated/interface-counters.ts';
import type { IsolatedNetwork } from '../../network/isolated/isolated.ts';
import { innerDevice } from '../../network/link/link-plan.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { type CapturedFrame, startCapture } from './capture.ts';
import { isolatedTrial, smallScenario } from './isolated-trial.ts';

const bundle = await bundlePrograms();
after(() => bundle.remove());

/** Counters, and when they were read by the wall clock, which captures use too. */
type Reading = { readonly atMs: number; readonly packets: PacketCounters };

type Observed = {
  readonly record: CompletedTrial;
  readonly readings: readonly Reading[];
  readonly frames: readonly CapturedFrame[];
};

async function observe(transport: Transport, encoding: 'json' | 'binary', rttMs: number): Promise<Observed> {
  const readings: Reading[] = [];
  let frames: readonly CapturedFrame[] = [];
  let stop: () => Promise<readonly CapturedFrame[]> = async () => [];
  // WebSocket gets its updates from the source, so that only updates are sent to clients.
  const origin = transport === 'websocket' ? 'server' : 'client';
  const prepare = async (network: IsolatedNetwork): Promise<IsolatedNetwork> => {
    const file = join(bundle.directory, `${transport}-${encoding}.pcap`);
    ({ stop } = await startCapture(network.enter.server, innerDevice, file));
    const readPackets = () => {
      const packets = network.readPackets();
      readings.push({ atMs: performance.timeOrigin + performance.now(), packets });
      return packets;
    };
    return { ...network, readPackets };
  };
  const scenario = { ...smallScenario, origin, encoding } as const;
  try {
    const record = await isolatedTrial(bundle, { scenario, transport, rttMs, prepare });
    frames = await stop();
    return { record, readings, frames };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** Readings that equal the two before them. The trial takes such readings for a quiet edge. */
function atRest(readings: readonly Reading[]): readonly Reading[] {
  const still = (a: Reading, b: Reading) =>
    a.packets.up.packets === b.packets.up.packets && a.packets.down.packets === b.packets.down.packets;
  return readings.filter((each, i) => i >= 2 && still(each, readings[i - 1]!) && still(each, readings[i - 2]!));
}

function sumOf(frames: readonly CapturedFrame[], mac: string, untilMs: number) {
  const sent = frames.filter(({ sourceMac, atMs }) => sourceMac === mac && atMs <= untilMs);
  return { packets: sent.length, bytes: sent.reduce((sum, { bytes }) => sum + bytes, 0) };
}

const macs = { server: '020000000001', client: '020000000002' } as const;

/** Bytes of Ethernet, IPv4, and TCP with timestamps. */
const headerBytes = 66;

/** Whether nothing was lost or sent again. A busy machine may send a segment again although no packet was lost. */
function wasUndisturbed({ bytes: { packets } }: CompletedTrial): boolean {
  const directions = [packets!.window, packets!.setUp].flatMap(({ down, up }) => [down, up]);
  return directions.every(({ retransmittedSegments, lostPackets }) => retransmittedSegments + lostPackets === 0);
}

async function undisturbed(observe: () => Promise<Observed>): Promise<Observed> {
  for (let attempt = 1; ; attempt++) {
    const observed = await observe();
    if (wasUndisturbed(observed.record) || attempt === 4) return observed;
  }
}

for (const transport of transports) {
  for (const encoding of ['json', 'binary'] as const) {
    // Covers both kinds of network: a cable, and a tunnel through a relay.
    const rttMs = encoding === 'json' ? 10 : 0;
    test(`${transport}, ${encoding}, ${rttMs} ms: counters, capture and computed layers agree to the byte`, async () => {
      const { record, readings, frames } = await undisturbed(() => observe(transport, encoding, rttMs));
      trialRecord.parse(record);
      assert.deepEqual(record.ledger.faults, []);
      const quiet = atRest(readings);
      assert.ok(quiet.length >= 6, `${quiet.length} readings at rest`);
      for (const { atMs, packets } of quiet) {
        assert.deepEqual(packets.up, sumOf(frames, macs.client, atMs));
        assert.deepEqual(packets.down, sumOf(frames, macs.server, atMs));
      }
      assert.ok(wasUndisturbed(record), JSON.stringify(record.bytes.packets));
      for (const { down, up } of [record.bytes.packets!.setUp, record.bytes.packets!.window]) {
        for (const direction of [down, up]) {
          assert.ok(direction.packets > 0);
          assert.equal(direction.headerBytes, direction.computedHeaderBytes);
        }
      }
      if (transport === 'websocket') assertFrames(record, frames);
    });
  }
}

test('with a TCP relay for the delay, packets of the isolated network are still counted', async () => {
  const options = { delay: 'tcp-relay' } as const;
  const record = await isolatedTrial(bundle, { scenario: smallScenario, transport: 'sse', rttMs: 10, options });
  assert.deepEqual([record.path.network, record.path.delay], ['isolated', 'tcp-relay']);
  assert.ok(record.path.caveats.some((caveat) => /no slow start/.test(caveat)));
  assert.deepEqual(record.ledger.faults, []);
  assert.equal(record.bytes.whole.relayDownBytes, record.bytes.whole.clientReadBytes);
  const { down, up } = record.bytes.packets!.window;
  for (const { packets, headerBytes } of [down, up]) assert.ok(packets > 0 && headerBytes >= 66 * packets);
});

/**
 * Updates with 100 bytes of payload and at most 125 bytes encoded: each has two bytes of framing and its own segment.
 */
function assertFrames({ bytes, ledger }: CompletedTrial, frames: readonly CapturedFrame[]): void {
  const each = bytes.down.encodedUpdateBytes / ledger.received;
  assert.ok(each > 100 && each <= 125, `${each} bytes`);
  assert.equal(bytes.down.framingBytes, 2 * ledger.received);
  // Allows for versions that get longer by a digit.
  const segments = frames.filter(
    (frame) => frame.sourceMac === macs.server && Math.abs(frame.bytes - headerBytes - 2 - each) <= 2,
  );
  assert.equal(segments.length, ledger.received);
  const carried = segments.reduce((sum, frame) => sum + frame.bytes - headerBytes, 0);
  assert.equal(carried, bytes.down.encodedUpdateBytes + 2 * ledger.received);
}
