import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perfChart } from './perf-chart.ts';

const costs = { webSocketNetUs: 10, webSocketNetUsLow: 9, webSocketNetUsHigh: 12, webSocketLeanUs: 20 };
const recordOf = (figures: Readonly<Record<string, number>>) => ({
  findings: [{ claim: 'a', found: '', holds: true, figures }],
});
const widthsOf = (svg: string) =>
  [...svg.matchAll(/<rect class="(?:own|library|foreign)"[^>]* width="([\d.]+)"/g)].map((match) => Number(match[1]));

test('a bar is as long as its cost, and what was not measured has none', () => {
  const svg = perfChart(recordOf(costs));
  const [net, lean] = widthsOf(svg);
  assert.equal(widthsOf(svg).length, 2);
  assert.ok(Math.abs(lean! / net! - 2) < 0.001);
  assert.match(svg, /bare net 10\.0 µs, lean clients 20\.0 µs/);
  assert.ok(!svg.includes('undici') && !svg.includes('SSE'));
});

test('a cost that is the same in all rounds has a range of no length', () => {
  const ranges = [...perfChart(recordOf(costs)).matchAll(/<line class="range" x1="([\d.]+)" x2="([\d.]+)"/g)];
  assert.deepEqual(
    ranges.map(([, from, to]) => Number(to) > Number(from)),
    [true, false],
  );
});

test('a record without costs is no picture', () => {
  assert.throws(() => perfChart(recordOf({ helpMs: 400 })), { name: 'BadMarker' });
});
