import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import picocolors from 'picocolors';
import type { PredictionText } from '../prediction/text.ts';
import { renderPrediction } from './prediction-terminal.ts';

const colors = picocolors.createColors(false);
const text: PredictionText = {
  title: 'Your load',
  load: 'a · b',
  transports: ['SSE', 'WebSocket'],
  rows: [
    { key: 'a', title: 'Latency', carries: 'anywhere', cells: ['1 ms', '20 ms'] },
    { key: 'b', title: 'Cores', carries: 'ratios', cells: ['–', '3'] },
    { key: 'c', title: 'Nodes', carries: 'machine', cells: ['1', '2'] },
  ],
  carries: 'hold anywhere',
  calibration: 'Costs are those',
  recommendations: ['SSE: it costs least.'],
  notes: [],
  checks: [
    {
      of: 'latency and bytes',
      command: 'pvw run notifications --clients 500 --channels 1 --rate 0.2 --payload-bytes 300',
    },
  ],
};

describe('a prediction on a terminal', () => {
  test('is a table with a column for each transport; commands stay in one line', () => {
    assert.equal(
      renderPrediction(text, { width: 60, colors }),
      `Your load
a · b

          SSE  WebSocket
Latency  1 ms      20 ms
Cores c     –          3
Nodes m     1          2

hold anywhere

Costs are those

What to use
- SSE: it costs least.

Check it
- latency and bytes:
  pvw run notifications --clients 500 --channels 1 --rate 0.2 --payload-bytes 300
`,
    );
  });

  test('is a list where the table does not fit', () => {
    const lines = renderPrediction(text, { width: 23, colors }).split('\n');
    assert.deepEqual(lines.slice(3, 6), ['Latency', '  SSE        1 ms', '  WebSocket  20 ms']);
    assert.deepEqual(renderPrediction(text, { width: 24, colors }).split('\n')[3], '          SSE  WebSocket');
  });

  test('has notes under a heading of their own, and hides characters of control', () => {
    const found = renderPrediction(
      { ...text, notes: ['long enough to be in two lines'], title: 'a\u001b[2J' },
      {
        width: 24,
        colors,
      },
    );
    assert.match(found, /Outside of what the model covers\n- long enough to be in\n {2}two lines\n\nCheck/);
    assert.ok(!found.includes('\u001b'));
  });
});
