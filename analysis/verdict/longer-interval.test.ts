import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { bytesAtInterval } from './longer-interval.ts';

const plain = plainTrial();
const direction = (packets: number) => ({
  packets,
  frameBytes: 0,
  headerBytes: packets * 66,
  computedHeaderBytes: 0,
  retransmittedSegments: 0,
  lostPackets: 0,
});
const stage = { up: direction(800), down: direction(700) };
/** 10 clients for 30 s: 5 client minutes, with 300 polls and 100 publishes. */
const trial = plainTrial({
  transport: 'short-polling',
  updates: { ...plain.updates, published: 100 },
  counts: { ...plain.counts, requests: 400 },
  bytes: {
    ...plain.bytes,
    down: { encodedUpdateBytes: 5_000, framingBytes: 50_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 1_000, framingBytes: 30_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
  },
});
const wired = { ...trial, bytes: { ...trial.bytes, packets: { window: stage, setUp: stage } } };
const scenario = { ...plainScenario, origin: 'client', clients: 10, pollIntervalMs: 1_000 } as const;

test('at four times the interval three of four polls fall away, each with the mean cost of asking', () => {
  // 86,000 B in 5 client minutes. 60 polls a client and minute; 50,000 / 400 + 30,000 / 400 = 200 B around each request.
  assert.equal(bytesAtInterval({ trial, scenario }, 4_000, 'sockets'), 17_200 - 60 * 0.75 * 200);
  // On the wire 1,500 packets of 66 B more; each poll has three of them.
  assert.equal(bytesAtInterval({ trial: wired, scenario }, 4_000, 'wire'), 17_200 + 19_800 - 60 * 0.75 * (200 + 198));
});

test('nothing is said of an interval that is not longer, or without what it takes', () => {
  assert.equal(bytesAtInterval({ trial, scenario }, 1_000, 'sockets'), undefined);
  assert.equal(bytesAtInterval({ trial, scenario }, 4_000, 'wire'), undefined);
  const silent = { ...trial, counts: { ...trial.counts, requests: 0 } };
  assert.equal(bytesAtInterval({ trial: silent, scenario }, 4_000, 'sockets'), undefined);
  assert.equal(bytesAtInterval({ trial: { ...trial, transport: 'sse' }, scenario }, 4_000, 'sockets'), undefined);
});
