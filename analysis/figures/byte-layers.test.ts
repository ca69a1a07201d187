import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteLayers, byteLayerTitle, wireLayers, wireLayersOf } from './byte-layers.ts';
import { figureKeys } from './figures.ts';

test('every part has a figure, a layer and a direction, and occurs once', () => {
  assert.deepEqual(byteLayers.map(byteLayerTitle), [
    'updates, down',
    'framing and headers, down',
    'updates, up',
    'framing and headers, up',
    'TLS, both ways',
    'TCP, IP and Ethernet, both ways',
  ]);
  for (const { figure, layer, direction } of byteLayers) {
    assert.ok(figureKeys.includes(figure), figure);
    assert.equal(figure, direction === 'both' ? `bytes.${layer}` : `bytes.${direction}.${layer}`);
  }
});

test('the layers of both directions, from the inside outwards', () => {
  const medians = {
    'bytes.down.updates': 1,
    'bytes.up.updates': 2,
    'bytes.down.framing': 4,
    'bytes.up.framing': 8,
    'bytes.tls': 16,
    'bytes.packets': 32,
  };
  assert.deepEqual(wireLayersOf(medians), { updates: 3, framing: 12, tls: 16, packets: 32 });
  assert.deepEqual(Object.keys(wireLayersOf(medians)), wireLayers);
});

test('a layer with one unknown direction is unknown; 0 is known', () => {
  assert.deepEqual(wireLayersOf({ 'bytes.down.updates': 1, 'bytes.up.updates': 0, 'bytes.up.framing': 8 }), {
    updates: 1,
    framing: undefined,
    tls: undefined,
    packets: undefined,
  });
});
