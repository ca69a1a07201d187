import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainProcess, plainScenario, plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { atInterval } from './longer-interval.ts';

const plain = plainTrial();
/** 10 clients for 30 s: 5 client minutes. 300 polls, a hundred publishes; 60 ms of CPU. */
const trial = plainTrial({
  transport: 'short-polling',
  updates: { ...plain.updates, published: 100 },
  counts: { ...plain.counts, requests: 400 },
  bytes: {
    ...plain.bytes,
    down: { encodedUpdateBytes: 5_000, framingBytes: 50_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 1_000, framingBytes: 30_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
  },
  processes: [plainProcess({ role: 'server', cpuWindowMs: 60 })],
});
const scenario = { ...plainScenario, origin: 'client', clients: 10, pollIntervalMs: 1_000 } as const;

test('at four times the interval three of four polls fall away, each with the mean cost of a request', () => {
  // 17,200 B a client and minute, 1,200 of them updates. Three quarters of the requests are polls, and of these again
  // three quarters fall away: 9/16 of the 16,000 B around updates, and of 2 ms/s.
  assert.deepEqual(atInterval({ trial, scenario }, 4_000, 'sockets'), {
    pollIntervalMs: 4_000,
    bytes: 17_200 - 9_000,
    cpuMsPerSecond: 2 - 1.125,
  });
});

test('nothing is said of an interval that is not longer, or without what it takes', () => {
  assert.equal(atInterval({ trial, scenario }, 1_000, 'sockets'), undefined);
  assert.equal(atInterval({ trial, scenario }, 4_000, 'wire'), undefined);
  const silent = { ...trial, counts: { ...trial.counts, requests: 0 } };
  assert.equal(atInterval({ trial: silent, scenario }, 4_000, 'sockets'), undefined);
});
