import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Transport, transports } from '../../protocol/transport.ts';
import { plainAnalysis, plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRun } from '../../testing/by-hand/plain-run.ts';
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

function seen(cell: Cell): readonly [string, string | undefined] {
  return [cell.judgement, cell.evidence?.text];
}

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

test('bytes are graded by how far above the least they are', () => {
  const scenario = plainAnalysis(
    rows('bytes.total', { 'short-polling': 3_001, 'long-polling': 3_000, sse: 1_250, websocket: 1_000 }),
    {
      scenario: aboutOnce,
    },
  );
  const all = transports.map((transport) => seen(cellOf(scenario, aFew, transport)));
  assert.deepEqual(all, [
    ['poor', '3.00 kB a minute, 3.00 × the least'],
    ['works', '3.00 kB a minute, 3 × the least'],
    ['good', '1.25 kB a minute, 1.25 × the least'],
    ['good', '1.00 kB a minute, the least'],
  ]);
  const { evidence, reason } = cellOf(scenario, aFew, 'sse');
  assert.deepEqual([evidence?.scenario, evidence?.title, evidence?.repeats], [0, 'Plain', 3]);
  assert.equal(reason, 'Some twenty bytes around each update.');
  const further = plainAnalysis(rows('bytes.total', { sse: 1_251, websocket: 1_000 }), { scenario: aboutOnce });
  assert.equal(cellOf(further, aFew, 'sse').judgement, 'works');
});

test('a measured row has no command, a reasoned one does', () => {
  const scenario = plainAnalysis(rows('bytes.total', { sse: 1, websocket: 1 }), { scenario: aboutOnce });
  const table = tableOf(scenario);
  assert.equal(table.find(({ need }) => need === aFew)?.command, undefined);
  assert.equal(table.find(({ need }) => need === 'tens a second')?.command, 'pvw run ticker');
});

test('one valid repeat is shown; a transport without the figure does not count beside one that has it', () => {
  const [sse, websocket] = rows('bytes.total', { sse: 2_000, websocket: 1_000 });
  const once = plainAnalysis([{ ...sse!, valid: sse!.valid.slice(0, 1) }, websocket!], { scenario: aboutOnce });
  assert.equal(cellOf(once, aFew, 'sse').evidence?.repeats, 1);
  const lacking = plainAnalysis([sse!, plainRow('websocket')], { scenario: aboutOnce });
  assert.equal(cellOf(lacking, aFew, 'sse').evidence, undefined);
});

test('a single transport has no least; any amount is far above a least of zero', () => {
  const alone = plainAnalysis(rows('bytes.total', { sse: 1_000 }), { scenario: aboutOnce });
  assert.equal(cellOf(alone, aFew, 'sse').evidence, undefined);
  const none = plainAnalysis(rows('bytes.total', { sse: 0, websocket: 10 }), { scenario: aboutOnce });
  assert.deepEqual(seen(cellOf(none, aFew, 'websocket')), ['poor', '10 B a minute, far above the least']);
});

test('a transport that cannot be told apart from the least is good too, if a question decides the figure', () => {
  const of = (outcome: 'cannot-tell' | 'equal' | 'unresolved' | 'lower', question: 'bytes' | 'server-cpu' = 'bytes') =>
    plainAnalysis(rows('bytes.total', { sse: 2_000, websocket: 1_000 }), {
      scenario: aboutOnce,
      comparisons: [plainComparison(question, 'websocket', 'sse', outcome, 0.5)],
    });
  assert.deepEqual(seen(cellOf(of('cannot-tell'), aFew, 'sse')), [
    'good',
    '2.00 kB a minute, not told apart from the least',
  ]);
  assert.deepEqual(seen(cellOf(of('equal'), aFew, 'sse')), ['good', '2.00 kB a minute, equal to the least']);
  // An interval that leaves 1 out is no tie.
  assert.deepEqual(seen(cellOf(of('unresolved'), aFew, 'sse')), ['works', '2.00 kB a minute, 2 × the least']);
  assert.equal(cellOf(of('lower'), aFew, 'sse').judgement, 'works');
  assert.equal(cellOf(of('cannot-tell', 'server-cpu'), aFew, 'sse').judgement, 'works');
});

test('a transport that delivers fewer updates is not the measure for those that deliver all', () => {
  const replacing = (conflated: number) =>
    plainAnalysis(
      [
        plainRow('short-polling', { 'bytes.total': 100, conflated }),
        plainRow('sse', { 'bytes.total': 2_000 }),
        plainRow('websocket', { 'bytes.total': 1_000, conflated: 0.1 }),
      ],
      { scenario: aboutOnce },
    );
  assert.deepEqual(seen(cellOf(replacing(0.114), aFew, 'short-polling')), [
    'works',
    '100 B a minute, but 11% of the updates replaced by newer ones',
  ]);
  assert.deepEqual(seen(cellOf(replacing(0.11), aFew, 'websocket')), ['good', '1.00 kB a minute, the least']);
  assert.deepEqual(seen(cellOf(replacing(0.1), aFew, 'short-polling')), ['good', '100 B a minute, the least']);
});

test('where clients send constantly, bytes up count, whether updates were replaced or not', () => {
  const inputs = { arrivals: { kind: 'constant', perSecond: 5 }, payload: { kind: 'chat-text', bytes: 10 } } as const;
  const scenario = plainAnalysis(
    [plainRow('sse', { 'bytes.up': 5_000 }), plainRow('websocket', { 'bytes.up': 1_000, conflated: 0.5 })],
    { scenario: { inputs } },
  );
  const need = 'constantly: more than once a second each';
  assert.deepEqual(seen(cellOf(scenario, need, 'websocket')), ['good', '1.00 kB up a minute, the least']);
  assert.deepEqual(seen(cellOf(scenario, need, 'sse')), ['poor', '5.00 kB up a minute, 5 × the least']);
});

test('the share of a core that serving took is graded', () => {
  const graded = (msPerSecond: number) => {
    const scenario = plainAnalysis(rows('cpu.serving', { sse: msPerSecond }), { scenario: { clients: 100 } });
    return seen(cellOf(scenario, 'up to hundreds', 'sse'));
  };
  assert.deepEqual(graded(250), ['good', '25% of a core for 100 clients']);
  assert.deepEqual(graded(251), ['works', '25% of a core for 100 clients']);
  assert.deepEqual(graded(700), ['works', '70% of a core for 100 clients']);
  assert.deepEqual(graded(701), ['poor', '70% of a core for 100 clients']);
  const unknown = plainAnalysis([plainRow('sse')], { scenario: { clients: 100 } });
  assert.equal(cellOf(unknown, 'up to hundreds', 'sse').evidence, undefined);
});

test('a late transport is poor, and one in time is rated no better than by reasoning', () => {
  const within = (transport: Transport, ms: number, need: string) =>
    seen(cellOf(plainAnalysis(rows('latency.p90', { [transport]: ms })), need, transport));
  assert.deepEqual(within('sse', 100, 'up to 100 ms'), ['good', 'In time: nine of ten within 100 ms']);
  assert.deepEqual(within('sse', 101, 'up to 100 ms'), ['poor', 'Too late: nine of ten within 101 ms']);
  assert.deepEqual(within('long-polling', 50, 'up to 100 ms'), ['works', 'In time: nine of ten within 50.0 ms']);
  assert.deepEqual(within('short-polling', 900, 'up to 1 s'), [
    'works',
    'In time: nine of ten within 900 ms, asking every 1 s',
  ]);
  const often = plainAnalysis(rows('latency.p90', { 'short-polling': 50 }), { scenario: { pollIntervalMs: 100 } });
  assert.deepEqual(seen(cellOf(often, 'up to 100 ms', 'short-polling')), [
    'works',
    'In time: nine of ten within 50.0 ms, asking every 100 ms',
  ]);
  assert.equal(cellOf(plainAnalysis([plainRow('sse')]), 'up to 1 s', 'sse').evidence, undefined);
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
    'a proxy that buffers answers',
    'a proxy that does not upgrade',
    'a proxy that cuts what is silent',
  ]);
});
