import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capacityCommands, capacityTable } from './capacity-table.ts';
import type { EvidenceRecord } from './evidence-record.ts';

const record = (figures: Readonly<Record<string, number>>): EvidenceRecord => ({
  findings: [{ claim: 'a', found: 'b', holds: true, figures }],
});

test('the table of what is carried says "at least" where the server was not the limit', () => {
  const asked: string[] = [];
  const table = capacityTable('clients', (name) => {
    asked.push(name);
    return record({ 'websocket carried': 4312.4, 'websocket server': 1, 'sse carried': 2000, 'sse server': 0 });
  });
  const [heads, , first] = table.split('\n');
  assert.equal(heads, '|  | Short polling | Long polling | SSE | WebSocket |');
  assert.equal(first, '| Chat room | – | – | at least 2,000 | 4,310 |');
  assert.equal(asked.length, 7);
  assert.equal(asked[0], 'capacity-chat-room');
});

test('the commands are those of the searches, quoted for a shell', () => {
  const lines = capacityCommands('rate').split('\n');
  assert.equal(lines.length, 3 + 2);
  assert.match(lines[1]!, /^npx pvw capacity ticker --over rate --clients 600 .* --slo 'latency\.p99<250ms' /);
});

test('an axis without searches is named', () => {
  assert.throws(() => capacityCommands('payload'), { name: 'BadMarker', message: /no search is over payload/ });
});
