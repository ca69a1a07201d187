import type { FrameCount, PacketCounters } from '../../network/isolated/interface-counters.ts';
import { packetHeaderBytes } from '../../protocol/packet-header.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { type Snapshot, sumSockets } from '../readings/snapshot.ts';

type PacketRecord = NonNullable<CompletedTrial['bytes']['packets']>;
type Direction = PacketRecord['window']['up'];

/** Bytes of the further options of a SYN: segment size, window scale, SACK permitted. */
const synBytes = 8;

/** The packet layer of the window and of connecting; null if not measured, as without an isolated network. */
export function packetRecord(edges: Readonly<Record<'connected' | 'before' | 'after', Snapshot>>): PacketRecord | null {
  const { connected, before, after } = edges;
  if (!connected.packets || !before.packets || !after.packets) return null;
  return {
    window: stageOf(edgeOf(before, before.packets), edgeOf(after, after.packets)),
    setUp: stageOf(nothing, edgeOf(connected, connected.packets)),
  };
}

/** What the kernel counted at the devices, and the load processes at their sockets. */
type Edge = {
  readonly packets: PacketCounters;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly openedSockets: number;
};

const noFrames: FrameCount = { packets: 0, bytes: 0 };
const nothing: Edge = {
  packets: { up: noFrames, down: noFrames, lostUp: 0, lostDown: 0, retransmittedUp: 0, retransmittedDown: 0 },
  readBytes: 0,
  writtenBytes: 0,
  openedSockets: 0,
};

function edgeOf(snapshot: Snapshot, packets: PacketCounters): Edge {
  return {
    packets,
    readBytes: sumSockets(snapshot, 'readBytes'),
    writtenBytes: sumSockets(snapshot, 'writtenBytes'),
    openedSockets: sumSockets(snapshot, 'openedSockets'),
  };
}

function stageOf(from: Edge, to: Edge): PacketRecord['window'] {
  // Each connection begins with one SYN in each direction.
  const syns = to.openedSockets - from.openedSockets;
  const frames = (of: (packets: PacketCounters) => FrameCount): FrameCount => ({
    packets: of(to.packets).packets - of(from.packets).packets,
    bytes: of(to.packets).bytes - of(from.packets).bytes,
  });
  const counted = (of: (packets: PacketCounters) => number) => of(to.packets) - of(from.packets);
  return {
    down: {
      ...layerOf(
        frames(({ down }) => down),
        to.readBytes - from.readBytes,
        syns,
      ),
      retransmittedSegments: counted(({ retransmittedDown }) => retransmittedDown),
      lostPackets: counted(({ lostDown }) => lostDown),
    },
    up: {
      ...layerOf(
        frames(({ up }) => up),
        to.writtenBytes - from.writtenBytes,
        syns,
      ),
      retransmittedSegments: counted(({ retransmittedUp }) => retransmittedUp),
      lostPackets: counted(({ lostUp }) => lostUp),
    },
  };
}

function layerOf(
  { packets, bytes }: FrameCount,
  socketBytes: number,
  syns: number,
): Omit<Direction, 'retransmittedSegments' | 'lostPackets'> {
  return {
    packets,
    frameBytes: bytes,
    headerBytes: bytes - socketBytes,
    computedHeaderBytes: packets * packetHeaderBytes + syns * synBytes,
  };
}
