import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { plainAnalysis, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainFailure } from '../../testing/by-hand/plain-trial.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import type { FigureKey } from '../figures/figures.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';
import { type Cell, decisionTable, goodFor } from './decision.ts';

const run = plainRun([]);

function tableOf(...scenarios: readonly ScenarioAnalysis[]) {
  return decisionTable({ scenarios, run });
}

function cellOf(scenario: ScenarioAnalysis, need: string, transport: Transport): Cell {
  const row = tableOf(scenario).find((each) => each.need === need)!;
  return row.cells.find((cell) => cell.transport === transport)!;
}

/** Rows with one figure for each of these transports. */
function rows(key: FigureKey, values: Partial<Readonly<Record<Transport, number>>>): readonly TransportAnalysis[] {
  return transports.flatMap((transport) => {
    const value = values[transport];
    return value === undefined ? [] : [plainRow(transport, { [key]: value })];
  });
}

const aFew = 'about one or several a second';
const aboutOnce = { arrivals: { kind: 'constant', perSecond: 1 } } as const;

test('without trials every cell is reasoned, and the row names a command that would measure it', () => {
  const table = tableOf();
  assert.deepEqual([...new Set(table.map(({ cells }) => cells.length))], [4]);
  for (const { cells } of table) assert.ok(cells.every(({ evidence }) => evidence === undefined));
  assert.deepEqual(cellsOf('tens a second'), ['works', 'poor', 'good', 'good']);
  assert.equal(table.find(({ need }) => need === 'tens a second')?.command, 'pvw run ticker');
  assert.equal(table.find(({ need }) => need === 'up to 1 s')?.command, undefined);

  function cellsOf(need: string) {
    return table.find((row) => row.need === need)!.cells.map(({ judgement }) => judgement);
  }
});

test('a measured row has no command, a reasoned one does', () => {
  const scenario = plainAnalysis(rows('bytes.total', { sse: 1, websocket: 1 }), { scenario: aboutOnce });
  const table = tableOf(scenario);
  assert.equal(table.find(({ need }) => need === aFew)?.command, undefined);
  assert.equal(table.find(({ need }) => need === 'tens a second')?.command, 'pvw run ticker');
});

test('a measured cell has its judgement from the trials, its reason from the table, and says whether it is at a limit', () => {
  const scenario = plainAnalysis(rows('bytes.total', { sse: 12_000, websocket: 10_000 }), { scenario: aboutOnce });
  assert.deepEqual(cellOf(scenario, aFew, 'sse'), {
    transport: 'sse',
    judgement: 'good',
    reason: 'Some twenty bytes around each update.',
    evidence: {
      scenario: 0,
      title: 'Plain',
      text: '12.0 kB per client and minute at the sockets, 1.20 × the least, at the limit between a good choice and one that works',
      repeats: 3,
      isAtLimit: true,
    },
  });
  assert.equal(cellOf(scenario, aFew, 'websocket').evidence?.isAtLimit, false);
});

test('one valid repeat is shown; a transport without the figure does not count beside one that has it', () => {
  const [sse, websocket] = rows('bytes.total', { sse: 2_000, websocket: 1_000 });
  const once = plainAnalysis([{ ...sse!, valid: sse!.valid.slice(0, 1) }, websocket!], { scenario: aboutOnce });
  assert.equal(cellOf(once, aFew, 'sse').evidence?.repeats, 1);
  const lacking = plainAnalysis([sse!, plainRow('websocket')], { scenario: aboutOnce });
  assert.equal(cellOf(lacking, aFew, 'sse').evidence, undefined);
});

test('where clients send constantly, bytes up count', () => {
  const inputs = { arrivals: { kind: 'constant', perSecond: 5 }, payload: { kind: 'chat-text', bytes: 10 } } as const;
  const scenario = plainAnalysis(
    [plainRow('sse', { 'bytes.up': 50_000, 'bytes.total': 60_000 }), plainRow('websocket', { 'bytes.up': 10_000 })],
    { scenario: { inputs } },
  );
  const { judgement, evidence } = cellOf(scenario, 'constantly: more than once a second each', 'sse');
  assert.equal(judgement, 'poor');
  assert.equal(evidence?.text, '50.0 kB up per client and minute at the sockets, 5 × the least');
});

test('polling at several intervals is not judged as one way to poll', () => {
  const scenario = plainAnalysis(rows('bytes.total', { sse: 2, websocket: 1 }), {
    scenario: { ...aboutOnce, pollCohortsMs: [100, 1_000] },
  });
  assert.ok(tableOf(scenario).every(({ cells }) => cells.every(({ evidence }) => evidence === undefined)));
});

test('of several scenarios the one with the most valid trials shows a need, the first of equals', () => {
  const titled = (title: string, count: number) => {
    const trials = rows('bytes.total', { sse: 2, websocket: 1 }).map((row) => ({
      ...row,
      valid: row.valid.slice(0, count),
    }));
    return plainAnalysis(trials, { scenario: { ...aboutOnce, title } });
  };
  const shown = (...scenarios: readonly ScenarioAnalysis[]) => {
    const row = tableOf(...scenarios).find(({ need }) => need === aFew)!;
    const evidence = row.cells.find(({ transport }) => transport === 'sse')?.evidence;
    return evidence && [evidence.scenario, evidence.title, evidence.repeats];
  };
  assert.deepEqual(shown(titled('a', 1), titled('b', 3), titled('c', 2)), [1, 'b', 3]);
  assert.deepEqual(shown(titled('a', 2), titled('b', 2)), [0, 'a', 2]);
  assert.equal(shown(titled('a', 0)), undefined);
});

test('a transport without a valid trial is reasoned beside measured ones', () => {
  const [sse, websocket] = rows('bytes.total', { sse: 2, websocket: 1 });
  const scenario = plainAnalysis([{ ...sse!, valid: [] }, websocket!], { scenario: aboutOnce });
  assert.equal(cellOf(scenario, aFew, 'sse').evidence, undefined);
  assert.ok(cellOf(scenario, aFew, 'websocket').evidence);
});

test('the needs for which a transport is good', () => {
  const table = tableOf();
  const names = goodFor(table, 'short-polling').map(({ need }) => need);
  assert.deepEqual(names, [
    'rare: less than one a minute',
    'up to 10 s',
    'now and then',
    'up to hundreds',
    'a proxy that is set up for it',
    'a proxy that buffers answers',
    'a proxy that does not upgrade',
    'a proxy that cuts what is silent',
  ]);
});

test('a need that a proxy shows is judged by all trials behind that proxy, whether they are valid or not', () => {
  const route = 'nginx:buffered-sse';
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: 'buffered-sse' } as const;
  const plan = { ...run.record.plan, routes: [{ ...directRoute, name: route, proxy }] };
  const transportsBehind = [
    { ...plainRow('long-polling'), valid: [], completed: [], failed: [plainFailure()] },
    plainRow('sse', { 'latency.p50': 500 }),
    { ...plainRow('websocket', { 'latency.p50': 40 }), failed: [plainFailure()] },
  ];
  const scenario = plainAnalysis(transportsBehind, { paths: [{ route, transports: transportsBehind }] });
  const table = decisionTable({ scenarios: [scenario], run: { record: { ...run.record, plan }, trials: [] } });
  const cells = table.find(({ need }) => need === 'a proxy that buffers answers')!.cells;
  assert.deepEqual(
    cells.map(({ judgement, evidence }) => [judgement, evidence?.text, evidence?.repeats]),
    [
      ['good', undefined, undefined],
      ['poor', `No trial worked over ${route}`, 1],
      ['poor', `Held back: median 500 ms over ${route}`, 3],
      ['works', `1 of 4 trials failed over ${route}`, 4],
    ],
  );
  // The same trials are no evidence for a proxy without that mistake.
  const others = table.filter(({ need }) => /^a proxy that (is|does|cuts)/.test(need));
  assert.equal(others.length, 3);
  assert.ok(others.every(({ cells: ofOther }) => ofOther.every(({ evidence }) => evidence === undefined)));
});
