import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsOfPoint, sweptAxes } from './swept-axes.ts';

test('a point is measured with the options that set its values, in their units', () => {
  assert.deepEqual(optionsOfPoint({}), []);
  assert.deepEqual(optionsOfPoint({ clients: 300, rttMs: 40 }), ['--clients', '300', '--rtt', '40ms']);
  assert.deepEqual(optionsOfPoint({ pollIntervalMs: 2000, payloadBytes: 120 }), [
    '--payload-bytes',
    '120',
    '--poll-interval',
    '2s',
  ]);
  assert.deepEqual(optionsOfPoint({ lossShare: 0.07, cookieBytes: 600, updatesPerSecond: 0.5 }), [
    '--rate',
    '0.5',
    '--loss',
    '7%',
    '--cookie-bytes',
    '600',
  ]);
  assert.deepEqual(optionsOfPoint({ channels: 4, fanOut: 9 }), ['--channels', '4']);
});

test('each axis has a name of its own', () => {
  const names = Object.values(sweptAxes).map(({ axis }) => axis);
  assert.equal(new Set(names).size, names.length);
});
