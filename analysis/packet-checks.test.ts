import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../results/schema.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { figureOf } from './figures.ts';
import { trialWarnings } from './validity.ts';

const { trials, record } = syntheticRun({ repeats: 1, durationMs: 300_000 });
const pushed = trials[3] as CompletedTrial;
const { scenario } = record.plan.scenarios[0]!;

type Packets = NonNullable<CompletedTrial['bytes']['packets']>;
type Direction = Packets['window']['up'];

const clean: Direction = {
  packets: 1_000,
  frameBytes: 166_000,
  headerBytes: 66_000,
  computedHeaderBytes: 66_000,
  retransmittedSegments: 0,
  lostPackets: 0,
};

/** The same trial over a path whose packets were counted, with one direction of the window as given. */
function counted(down: Partial<Direction> = {}, lossShare = 0): CompletedTrial {
  const stage = { down: clean, up: clean };
  const packets = { window: { ...stage, down: { ...clean, ...down } }, setUp: stage };
  return { ...pushed, path: { ...pushed.path, lossShare }, bytes: { ...pushed.bytes, packets } };
}

function codesOf(trial: CompletedTrial): readonly string[] {
  return trialWarnings(trial).map(({ code, severity }) => `${severity} ${code}`);
}

test('packets that come to what their number says are in order, and so is a trial without any', () => {
  assert.deepEqual(codesOf(counted()), []);
  assert.deepEqual(codesOf(pushed), []);
});

test('one byte of difference is a fault where nothing was lost, and no news where something was', () => {
  assert.deepEqual(codesOf(counted({ headerBytes: 66_001 })), ['caution packets-disagree']);
  assert.deepEqual(codesOf(counted({ headerBytes: 66_200, retransmittedSegments: 2 })), []);
});

test('a path that loses packets without having been asked to is said', () => {
  const many = { headerBytes: 70_000, retransmittedSegments: 21 };
  assert.deepEqual(codesOf(counted(many)), ['caution packets-lost']);
  assert.deepEqual(codesOf(counted(many, 0.01)), []);
});

test('figures of the packet layer leave out the share of the polls after the window', () => {
  const minutes = (scenario.clients * pushed.window.durationMs) / 60_000;
  const halved = { ...counted(), counts: { ...pushed.counts, requests: 100, drainRequests: 50 } };
  const whole = { ...counted(), counts: { ...pushed.counts, drainRequests: 0 } };
  assert.equal(figureOf('packets', { trial: whole, scenario }), 2_000 / minutes);
  assert.equal(figureOf('packets', { trial: halved, scenario }), 1_000 / minutes);
  assert.equal(figureOf('bytes.packets', { trial: whole, scenario }), 132_000 / minutes);
  assert.equal(figureOf('packets.again', { trial: counted({ retransmittedSegments: 20 }), scenario }), 0.01);
  const above = figureOf('bytes.total', { trial: whole, scenario })!;
  assert.ok(Math.abs(figureOf('bytes.wire', { trial: whole, scenario })! - above - 132_000 / minutes) < 1e-6);
});

test('what was not measured has no figure', () => {
  for (const key of [
    'packets',
    'packets.again',
    'bytes.packets',
    'bytes.wire',
    'cpu.host',
    'cpu.host.update',
  ] as const) {
    assert.equal(figureOf(key, { trial: pushed, scenario }), undefined, key);
  }
});
