import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainAnalysis, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRecord } from '../../testing/by-hand/plain-run.ts';
import { mapPointsOf } from './map-points.ts';

const record = { ...plainRecord, plan: { ...plainRecord.plan, link: { ...plainRecord.plan.link, rttMs: 40 } } };
const arrivals = { kind: 'poisson', perSecond: 0.5 } as const;

test('a load lies at its rate, and at what its polls just keep to, with what was the cheapest', () => {
  const rows = [
    plainRow('short-polling', { 'bytes.wire': 900, 'cpu.serving': 8 }),
    plainRow('sse', { 'bytes.wire': 800, 'cpu.serving': 9 }),
  ];
  const scenario = { arrivals, pollIntervalMs: 2000 };
  assert.deepEqual(mapPointsOf([plainAnalysis(rows, { scenario })], record), [
    { perSecond: 0.5, toleranceMs: 2020, cheapest: { wire: 'sse', cpu: 'short-polling' } },
  ]);
});

test('what one transport lacks tells no cheapest', () => {
  const rows = [
    plainRow('short-polling', { 'bytes.wire': 900 }),
    plainRow('sse', { 'bytes.wire': 800, 'cpu.serving': 9 }),
  ];
  const [{ cheapest }] = mapPointsOf([plainAnalysis(rows)], record) as [ReturnType<typeof mapPointsOf>[number]];
  assert.deepEqual(cheapest, { wire: 'sse' });
});
