import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { checkLosses, checkPackets } from './packet-checks.ts';

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

type Place = readonly [stage: 'window' | 'setUp', direction: 'down' | 'up'];

const places: readonly Place[] = [
  ['window', 'down'],
  ['window', 'up'],
  ['setUp', 'down'],
  ['setUp', 'up'],
];

/** A trial with counted packets and one changed direction of one stage. */
function counted(altered: Partial<Direction>, [stage, direction]: Place = ['window', 'down'], lossShare = 0) {
  const plain = plainTrial();
  const even = { down: clean, up: clean };
  const packets = { window: even, setUp: even, [stage]: { ...even, [direction]: { ...clean, ...altered } } };
  return plainTrial({ path: { ...plain.path, lossShare }, bytes: { ...plain.bytes, packets } });
}

test('header bytes that match the number of packets raise no warning, nor does a trial without packets', () => {
  assert.equal(checkPackets(counted({})), undefined);
  assert.equal(checkLosses(counted({})), undefined);
  assert.equal(checkPackets(plainTrial()), undefined);
  assert.equal(checkLosses(plainTrial()), undefined);
});

test('one byte of difference is a fault, in each direction of each stage', () => {
  for (const place of places) {
    assert.deepEqual(checkPackets(counted({ headerBytes: 66_001 }, place)), {
      code: 'packets-disagree',
      severity: 'caution',
      text: 'Headers of packets came to 66001 bytes, worked out from their number 66000: a fault of pvw. Report it.',
    });
  }
});

test('retransmissions or losses in a stage excuse a difference there, in either direction', () => {
  for (const [stage] of places) {
    for (const loss of [
      { retransmittedSegments: 1 },
      { lostPackets: 1 },
      { retransmittedSegments: 1, lostPackets: 1 },
    ]) {
      assert.equal(checkPackets(counted({ headerBytes: 66_001, ...loss }, [stage, 'down'])), undefined);
    }
  }
  const plain = plainTrial();
  const window = { down: { ...clean, lostPackets: 1 }, up: { ...clean, headerBytes: 66_001 } };
  const setUp = { down: clean, up: { ...clean, headerBytes: 66_002 } };
  const of = (packets: Packets) => checkPackets(plainTrial({ bytes: { ...plain.bytes, packets } }));
  assert.equal(of({ window, setUp: { down: clean, up: clean } }), undefined);
  assert.match(of({ window, setUp })!.text, /came to 66002 bytes/);
});

test('more than 1% of retransmitted packets raises a warning unless loss was asked for', () => {
  const again = (down: number, up: number, lossShare = 0) => {
    const trial = counted({}, ['setUp', 'down'], lossShare);
    const window = {
      down: { ...clean, packets: 600, retransmittedSegments: down },
      up: { ...clean, packets: 400, retransmittedSegments: up },
    };
    return checkLosses({ ...trial, bytes: { ...trial.bytes, packets: { ...trial.bytes.packets!, window } } });
  };
  assert.equal(again(6, 4), undefined);
  assert.deepEqual(again(6, 5), {
    code: 'packets-lost',
    severity: 'caution',
    text: '1.1% of the packets went twice: a queue overflowed. Lower the rate.',
  });
  assert.equal(again(60, 50, 0.001), undefined);
  assert.equal(checkLosses(counted({ retransmittedSegments: 900 }, ['setUp', 'down'])), undefined);
});
