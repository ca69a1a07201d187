import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edge, packetCounters } from '../../testing/by-hand/readings.ts';
import { packetRecord } from './packet-record.ts';

/** Two load processes; no two differences are equal. */
const edges = {
  connected: edge({
    loads: [
      { sockets: { readBytes: 300, writtenBytes: 40, openedSockets: 2, openSockets: 91 } },
      { sockets: { readBytes: 200, writtenBytes: 30, openedSockets: 1, openSockets: 92 } },
    ],
    packets: packetCounters({
      up: { packets: 10, bytes: 1_000, lost: 1, again: 3 },
      down: { packets: 12, bytes: 1_500, lost: 2, again: 4 },
    }),
  }),
  before: edge({
    loads: [
      { sockets: { readBytes: 1_000, writtenBytes: 400, openedSockets: 3 } },
      { sockets: { readBytes: 2_000, writtenBytes: 700, openedSockets: 4 } },
    ],
    packets: packetCounters({
      up: { packets: 20, bytes: 5_000, lost: 5, again: 7 },
      down: { packets: 30, bytes: 7_000, lost: 6, again: 9 },
    }),
  }),
  after: edge({
    loads: [
      { sockets: { readBytes: 4_000, writtenBytes: 1_300, openedSockets: 5 } },
      { sockets: { readBytes: 3_500, writtenBytes: 1_000, openedSockets: 7 } },
    ],
    packets: packetCounters({
      up: { packets: 120, bytes: 15_000, lost: 16, again: 20 },
      down: { packets: 230, bytes: 28_000, lost: 25, again: 31 },
    }),
  }),
};

test('the packet layer of the window and of connecting', () => {
  assert.deepEqual(packetRecord(edges), {
    // In the window 5 connections began: each has a SYN in both directions.
    window: {
      down: {
        packets: 200, // 230 - 30
        frameBytes: 21_000, // 28,000 - 7,000
        headerBytes: 16_500, // less the 7,500 - 3,000 bytes that clients read
        computedHeaderBytes: 13_240, // 200 × 66 + 5 × 8
        retransmittedSegments: 22, // 31 - 9
        lostPackets: 19, // 25 - 6
      },
      up: {
        packets: 100, // 120 - 20
        frameBytes: 10_000, // 15,000 - 5,000
        headerBytes: 8_800, // less the 2,300 - 1,100 bytes that clients wrote
        computedHeaderBytes: 6_640, // 100 × 66 + 5 × 8
        retransmittedSegments: 13, // 20 - 7
        lostPackets: 11, // 16 - 5
      },
    },
    // Everything since the link is up; 3 connections.
    setUp: {
      down: {
        packets: 12,
        frameBytes: 1_500,
        headerBytes: 1_000, // less the 500 bytes read
        computedHeaderBytes: 816, // 12 × 66 + 3 × 8
        retransmittedSegments: 4,
        lostPackets: 2,
      },
      up: {
        packets: 10,
        frameBytes: 1_000,
        headerBytes: 930, // less the 70 bytes written
        computedHeaderBytes: 684, // 10 × 66 + 3 × 8
        retransmittedSegments: 3,
        lostPackets: 1,
      },
    },
  });
});

test('no packet layer unless every edge has one', () => {
  for (const name of ['connected', 'before', 'after'] as const) {
    const partly = { ...edges, [name]: { ...edges[name], packets: undefined } };
    assert.equal(packetRecord(partly), null, `without those of ${name}`);
  }
});
