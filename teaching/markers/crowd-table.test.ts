import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crowdTable } from './crowd-table.ts';

const bytes = { serverBytes: 9_000, loadBytes: 5_000, kernelBytes: 10_000 };
const finding = (what: string, figures: Readonly<Record<string, number>>) => ({
  claim: `WebSocket, 100000 clients, ${what}`,
  found: '',
  holds: true,
  figures,
});
const idle = finding('idle', { serverMsPerSecond: 10, serverUsPerClientMinute: 6 });

test('a row for each transport that was measured, with the worse of its trials', () => {
  const findings = [
    finding('trial 1', { setUpsPerSecond: 6_000, ...bytes }),
    finding('trial 1, broadcast', { lastMs: 2_000, serverUs: 32 }),
    finding('trial 2', { setUpsPerSecond: 5_000, ...bytes, loadBytes: 4_000 }),
    finding('trial 2, broadcast', { lastMs: 1_900, serverUs: 33 }),
    idle,
  ];
  assert.deepEqual(crowdTable({ findings }).split('\n').slice(2), [
    '| WebSocket | 5,000 | 9 | 5 | 10 | 2,000 | 33 | 6 |',
  ]);
});

test('a record that lacks a figure is said', () => {
  assert.throws(() => crowdTable({ findings: [idle] }), {
    name: 'BadMarker',
    message: 'the crowd over WebSocket was recorded without setUpsPerSecond',
  });
});
