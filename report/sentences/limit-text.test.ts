import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import type { Transport } from '../../protocol/transport.ts';
import { plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainProcess } from '../../testing/by-hand/plain-trial.ts';
import { limitTexts } from './limit-text.ts';

/** A transport with a repeat for each pair of shares, of the load's core and the server's, in windows of 30 s. */
function rowOf(transport: Transport, shares: readonly (readonly [load: number, server: number])[]): TransportAnalysis {
  const row = plainRow(transport, {});
  const completed = shares.map(([load, server]) => {
    const assessed = row.valid[0]!;
    const processes = [
      plainProcess({ role: 'load', core: 0, cpuWindowMs: load * 30_000 }),
      plainProcess({ role: 'server', core: 1, cpuWindowMs: server * 30_000 }),
    ];
    return {
      ...assessed,
      trial: { ...assessed.trial, processes, hostCpuWindowMs: null },
      figures: { ...assessed.figures, 'core.load': load, 'core.server': server },
    };
  });
  return { ...row, completed };
}

test('where nothing was the limit one line has the greatest shares of all', () => {
  const rows = [
    rowOf('sse', [
      [0.2, 0.11],
      [0.3, 0.1],
      [0.25, 0.12],
    ]),
    rowOf('websocket', [[0.1, 0.5]]),
  ];
  assert.deepEqual(limitTexts(rows), ['Busiest cores: load side 25%, server 50%. Nothing was the limit.']);
});

test('a transport that came to a limit has a line of its own, even if one repeat did', () => {
  const rows = [
    rowOf('short-polling', [[0.95, 0.99]]),
    rowOf('long-polling', [
      [0.5, 0.89],
      [0.5, 0.91],
      [0.5, 0.88],
    ]),
    rowOf('sse', [[0.2, 0.1]]),
    rowOf('websocket', [[0.1, 0.2]]),
  ];
  assert.deepEqual(limitTexts(rows), [
    'Short polling, busiest cores: load side 95%, server 99%. The instrument was the limit.',
    'Long polling, busiest cores: load side 50%, server 89%. The server was the limit.',
    'SSE, WebSocket, busiest cores: load side 20%, server 20%. Nothing was the limit.',
  ]);
});

test('without completed trials there is nothing to say', () => {
  assert.deepEqual(limitTexts([{ ...plainRow('sse', {}), completed: [] }]), []);
});
