import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import { judgeLimits, type Limit } from '../../analysis/comparison/regression.ts';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { compareRuns, pairRuns } from '../../analysis/comparison/run-comparison.ts';
import { failedThresholds, failureText, type Threshold } from '../../analysis/comparison/threshold.ts';
import { runRecord, trialRecord } from '../../results/schema/schema.ts';
import { type Point, pointKey } from '../../scenarios/point.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderCsv } from '../export/csv.ts';
import { renderMarkdown } from '../export/markdown.ts';
import { chartData } from '../pictures/chart-data.ts';
import { renderComparison } from '../terminal/compare-terminal.ts';
import { renderTerminal } from '../terminal/terminal.ts';
import { renderReport } from './html.ts';

/** One scenario with two numbers of clients, each at two round-trip times. */
const points: readonly Point[] = [
  { clients: 60, rttMs: 10 },
  { clients: 60, rttMs: 80 },
  { clients: 200, rttMs: 10 },
  { clients: 200, rttMs: 80 },
];
const titles = ['60 clients, RTT 10 ms', '60 clients, RTT 80 ms', '200 clients, RTT 10 ms', '200 clients, RTT 80 ms'];
const keys = points.map((point) => `chat-room@${pointKey(point)}`);
const options = {
  // The number of channels in the catalogue, so that only the number of clients differs.
  scenarios: [{ ...syntheticScenarios[0]!, channels: 10 }],
  transports: ['short-polling', 'websocket'],
  repeats: 3,
} as const;

const run = syntheticRun({ ...options, points });
const analysis = analyseRun(run);
const colors = picocolors.createColors(false);

test('the synthetic run is a valid stored run', () => {
  runRecord.parse(run.record);
  for (const trial of run.trials) trialRecord.parse(trial);
  assert.equal(run.trials.length, run.record.plan.trials);
  assert.equal(run.trials.length, points.length * 2 * 3);
});

test('each trial belongs to the one scenario at its point', () => {
  assert.deepEqual(
    analysis.scenarios.map(({ planned }) => planned.point),
    points,
  );
  for (const { planned, transports, comparisons } of analysis.scenarios) {
    for (const { valid } of transports) {
      assert.equal(valid.length, 3);
      assert.ok(valid.every(({ trial }) => pointKey(trial.point) === pointKey(planned.point)));
    }
    assert.ok(comparisons.some(({ outcome }) => outcome !== 'too-few'));
  }
  const [near, far] = analysis.scenarios.map(({ transports }) => transports[1]!.medians['latency.p50']!);
  // An update from a client takes a whole round trip.
  assert.ok(near! > 10 && near! < 30 && far! > 80 && far! < 100, `${near} ${far}`);
});

test('a terminal has a block for each point, with the round-trip time of the point', () => {
  const lines = renderTerminal(run, { width: 200, colors }).split('\n');
  for (const [index, title] of titles.entries()) {
    assert.equal(lines.filter((line) => line === `Chat room, ${title}`).length, 1);
    const load = lines[lines.indexOf(`Chat room, ${title}`) + 1]!.replaceAll('\u00a0', ' ');
    const { clients, rttMs } = points[index]!;
    assert.ok(load.includes(`${clients} clients in`) && load.includes(`RTT ${rttMs} ms`), load);
  }
});

test('a page has a section for each point and no duplicate ids', async () => {
  const page = await renderReport(run);
  const [body] = page.split('<script type="application/json"');
  const ids = [...body!.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.deepEqual(ids.length, new Set(ids).size);
  const headings = [...body!.matchAll(/<h2 id="(scenario-\d+)-title">([^<]+)/g)];
  assert.deepEqual(
    headings.map(([, , text]) => text),
    titles.map((title) => `Chat room, ${title}`),
  );
  for (const [, id, text] of headings) assert.ok(body!.includes(`<a href="#${id}">${text}</a>`), id);
  const verdicts = body!.slice(body!.indexOf('id="verdicts"'), body!.indexOf('<template'));
  for (const title of titles) assert.ok(verdicts.includes(`<h3>Chat room, ${title}</h3>`), title);
  assert.match(page, /over round-trip times of 10 and 80 ms/);
  // A parameter that the run varies is not marked as changed.
  assert.doesNotMatch(body!, /class="changed"><dt>(?:Clients|Round trip)/);
});

test('the floor in a chart is the point’s own', () => {
  const floors = chartData(analysis).scenarios.map(({ spectrum }) => spectrum.marks.find(({ isFloor }) => isFloor)?.ms);
  assert.deepEqual(floors, [10, 80, 10, 80]);
});

test('Markdown has a heading for each point, CSV a column for each axis', () => {
  const markdown = renderMarkdown(run);
  for (const title of titles) assert.ok(markdown.includes(`\n## Chat room, ${title}\n`), title);
  const [head, ...rows] = renderCsv(run).trimEnd().split('\r\n');
  assert.match(head!, /,value,unit,clients,rttMs$/);
  const ends = rows.map((row) => row.split(',').slice(-2).join(','));
  assert.deepEqual([...new Set(ends)], ['60,10', '60,80', '200,10', '200,80']);
  assert.doesNotMatch(renderCsv(syntheticRun({ ...options, repeats: 1 })), /unit,./);
});

test('a failure or warning at one point names that point only', async () => {
  const broken = syntheticRun({
    ...options,
    repeats: 1,
    points: points.slice(0, 2),
    alter: (trial, index) => {
      if (index === 0) return failedFrom(trial, 'drain', 'it hung');
      return index === 2 ? { ...trial, ledger: { ...trial.ledger, lost: 1 } } : trial;
    },
  });
  const text = renderTerminal(broken, { width: 200, colors });
  assert.match(text, /- chat-room@clients=60,rttMs=10, Short polling, block 0, drain: it hung/);
  assert.match(text, /- Invalid: chat-room@clients=60,rttMs=80, Short polling: /);
  const page = await renderReport(broken);
  assert.match(page, /<tr><td>Chat room, 60 clients, RTT 10 ms<\/td>/);
  assert.match(page, /<span>Chat room, 60 clients, RTT 80 ms: Short polling\. /);
});

test('a threshold on a scenario applies at each of its points', () => {
  const threshold: Threshold = {
    scenario: 'chat-room',
    transport: 'websocket',
    figure: 'latency.p50',
    operator: '<',
    limit: 50,
  };
  const failures = failedThresholds([threshold], analysis);
  assert.deepEqual(
    failures.map((failure) => failureText(failure).split('/')[0]),
    [keys[1], keys[3]],
  );
});

test('two runs are compared point by point, and points in only one run are named', () => {
  const slow = syntheticRun({
    ...options,
    seed: 2,
    points: points.slice(1),
    alter: (trial) =>
      trial.point.clients === 60
        ? { ...trial, processes: trial.processes.map((each) => ({ ...each, cpuWindowMs: each.cpuWindowMs * 3 })) }
        : trial,
  });
  const pair = pairRuns(run, slow);
  const comparison = compareRuns(pair, { force: false });
  assert.deepEqual(
    comparison.scenarios.map(({ scenario, point, status }) => [scenario, pointKey(point), status]),
    points.slice(1).map((point) => ['chat-room', pointKey(point), 'compared']),
  );
  assert.deepEqual(comparison.onlyIn, { a: [keys[0]], b: [] });
  const text = renderComparison(comparison, { names: { a: 'a', b: 'b' }, width: 200, colors });
  for (const title of titles.slice(1)) assert.ok(text.includes(`\nChat room, ${title}\n`), title);
  assert.ok(text.includes(`Only in A: ${keys[0]}`));
  const limit: Limit = { scenario: 'chat-room', transport: 'websocket', figure: 'cpu.serving.update', worse: 0.5 };
  assert.deepEqual(
    judgeLimits([limit], pair, comparison).map(({ point, verdict }) => [pointKey(point), verdict]),
    [
      [pointKey(points[1]!), 'failed'],
      [pointKey(points[2]!), 'holds'],
      [pointKey(points[3]!), 'holds'],
    ],
  );
});

test('a scenario with a different round-trip time at a point is refused', () => {
  const here = syntheticRun({ ...options, repeats: 1, points: [{ clients: 60 }] });
  const there = syntheticRun({ ...options, repeats: 1, points: [{ clients: 60 }], rttMs: 90 });
  const [scenario] = compareRuns(pairRuns(here, there), { force: false }).scenarios;
  assert.deepEqual(scenario?.parameters, [{ what: 'round-trip time in ms', a: '40', b: '90' }]);
  assert.equal(scenario?.status, 'refused');
});
