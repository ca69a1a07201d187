import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import type { Run } from '../../results/schema/schema.ts';
import type { Point } from '../../scenarios/point.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { numbersOfRun } from '../prediction/numbers-of-run.ts';
import { sweepSection } from './sweep.ts';
import { transportMapSection } from './transport-map.ts';

const scenarios = [{ ...syntheticScenarios[0]!, channels: 10 }];

function sweptRun(points: readonly Point[], shuffled = true): Run {
  const run = syntheticRun({ scenarios, repeats: 3, points });
  return {
    ...run,
    record: { ...run.record, plan: { ...run.record.plan, ...(shuffled && { shuffled: true as const }) } },
  };
}

const points = [10, 80].flatMap((rttMs) => [60, 120, 200].map((clients) => ({ rttMs, clients })));

test('a sweep has a row of panels for each value of its second axis, with the model in each', () => {
  const run = sweptRun(points);
  const text = (sweepSection(analyseRun(run), numbersOfRun(run, undefined)) || { text: '' }).text;
  assert.match(text, /<h2 id="sweep-title">Chat room along clients and RTT<\/h2>/);
  assert.deepEqual(
    [...text.matchAll(/<h3>([^<]+)/g)].map(([, title]) => title),
    ['RTT 10 ms', 'RTT 80 ms'],
  );
  assert.equal([...text.matchAll(/<svg class="panel"/g)].length, 6);
  assert.match(text, /the model predicts with the calibration that comes with pvw/);
  // Each of the panels has a line for each transport, through all three points; bytes at the sockets are not predicted.
  const pointsOf = (line: string) => line.split(' ').filter((point) => point !== '').length;
  const lines = (kind: string) =>
    [...text.matchAll(new RegExp(`class="${kind}" points="([^"]*)"`, 'g'))].map(([, line]) => pointsOf(line!));
  assert.deepEqual(lines('curve'), Array(6 * 4).fill(3));
  assert.deepEqual(lines('model').sort(), [...Array(2 * 4).fill(0), ...Array(4 * 4).fill(3)]);
  assert.doesNotMatch(text, /NaN|Infinity|undefined/);
});

test('without a calibration nothing is predicted', () => {
  const text = (sweepSection(analyseRun(sweptRun(points)), undefined) || { text: '' }).text;
  assert.doesNotMatch(text, /predicts/);
  assert.match(text, /class="model" points=""/);
});

test('its map has both measures, a reason for each region, and a ring for each load that was measured', () => {
  const run = sweptRun(points);
  const text = (transportMapSection(analyseRun(run), numbersOfRun(run, undefined)) || { text: '' }).text;
  assert.equal([...text.matchAll(/<svg class="map"/g)].length, 2);
  // Its bytes were counted at the sockets, so there is no cheapest on the wire.
  assert.equal([...text.matchAll(/<circle class="ring /g)].length, points.length);
  for (const [map] of text.matchAll(/<svg class="map".*?<\/ul>/gs)) {
    const regions = [...map.matchAll(/<text class="region-name"/g)].length;
    assert.equal([...map.matchAll(/<li>/g)].length, regions);
    assert.ok(regions >= 1);
  }
  assert.doesNotMatch(text, /NaN|Infinity|undefined/);
});

test('a run that is no sweep has neither', () => {
  const run = sweptRun([{ clients: 60 }, { clients: 120 }], false);
  assert.equal(sweepSection(analyseRun(run), numbersOfRun(run, undefined)), false);
  assert.equal(transportMapSection(analyseRun(run), numbersOfRun(run, undefined)), false);
});
