import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainTrial } from '../../testing/by-hand/plain-trial.ts';
import { byteFigures, placeOf, placeOfFigure } from './byte-place.ts';

const none = {
  packets: 0,
  frameBytes: 0,
  headerBytes: 0,
  computedHeaderBytes: 0,
  retransmittedSegments: 0,
  lostPackets: 0,
};
const stage = { up: none, down: none };
const atSockets = plainTrial();
const onWire = plainTrial({ bytes: { ...atSockets.bytes, packets: { window: stage, setUp: stage } } });

test('bytes are on the wire only if it was counted in every trial', () => {
  assert.equal(placeOf([onWire, onWire]), 'wire');
  assert.equal(placeOf([onWire]), 'wire');
  assert.equal(placeOf([onWire, atSockets]), 'sockets');
  assert.equal(placeOf([atSockets]), 'sockets');
  assert.equal(placeOf([]), 'sockets');
});

test('a figure of bytes knows its place', () => {
  for (const key of Object.values(byteFigures.wire)) assert.equal(placeOfFigure(key), 'wire');
  for (const key of Object.values(byteFigures.sockets)) assert.equal(placeOfFigure(key), 'sockets');
  assert.equal(placeOfFigure('bytes.setUp'), undefined);
  assert.equal(placeOfFigure('latency.p50'), undefined);
});
