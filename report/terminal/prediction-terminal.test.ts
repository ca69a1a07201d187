import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import picocolors from 'picocolors';
import type { PredictionText } from '../prediction/text.ts';
import { renderPrediction } from './prediction-terminal.ts';

const colors = picocolors.createColors(false);
const text: PredictionText = {
  title: 'Your load',
  load: 'a · b',
  assumed: 'c · d',
  transports: ['SSE', 'WebSocket'],
  groups: [
    {
      title: 'Clients',
      holds: 'anywhere',
      rows: [
        {
          key: 'a',
          title: 'Latency',
          cells: [
            { text: '1 ms', beside: '1–2' },
            { text: '20 ms', beside: '19.5–21.5' },
          ],
        },
        { key: 'b', title: 'Longest of all latencies', cells: [{ text: '9 ms' }, { text: '–' }] },
      ],
    },
    { title: 'Sizes', holds: 'here', rows: [{ key: 'c', title: 'Nodes', cells: [{ text: '–' }, { text: '3' }] }] },
  ],
  calibration: 'Costs are those',
  recommendations: ['SSE: it costs least.'],
  notes: [],
  checks: [
    {
      of: 'latency and bytes',
      command: 'npx pvw run notifications --clients 500 --channels 1 --rate 0.2 --payload-bytes 300',
    },
  ],
};

describe('a prediction on a terminal', () => {
  test('has the answer first, then tables with a column for each transport; commands stay in one line', () => {
    assert.equal(
      renderPrediction(text, { width: 60, colors }),
      `Your load
a · b
c · d

What to use
- SSE: it costs least.

Clients
(anywhere)
                                             SSE  WebSocket
Latency                                     1 ms      20 ms
                                             1–2  19.5–21.5
Longest of all latencies                    9 ms          –

Sizes
(here)
                                             SSE  WebSocket
Nodes                                          –          3

Costs are those

Check it
With --check the first of these runs, and predicted and
measured are printed. What lies outside of its interval
refutes the prediction.
- latency and bytes:
  npx pvw run notifications --clients 500 --channels 1 --rate 0.2 --payload-bytes 300
`,
    );
  });

  test('breaks long titles beside what stands below a number', () => {
    const lines = renderPrediction(text, { width: 35, colors }).split('\n');
    assert.deepEqual(lines.slice(9, 14), [
      '                     SSE  WebSocket',
      'Latency             1 ms      20 ms',
      '                     1–2  19.5–21.5',
      'Longest of all      9 ms          –',
      'latencies',
    ]);
  });

  test('is a list where the table does not fit', () => {
    const lines = renderPrediction(text, { width: 34, colors }).split('\n');
    assert.deepEqual(lines.slice(9, 12), ['Latency', '  SSE        1 ms (1–2)', '  WebSocket  20 ms (19.5–21.5)']);
  });

  test('has notes under a heading of their own, and hides characters of control', () => {
    const found = renderPrediction(
      { ...text, notes: ['long enough to be in two lines'], title: 'a\u001b[2J' },
      { width: 24, colors },
    );
    assert.match(found, /Outside of what the model covers\n- long enough to be in\n {2}two lines\n\nCosts/);
    assert.ok(!found.includes('\u001b'));
  });
});
