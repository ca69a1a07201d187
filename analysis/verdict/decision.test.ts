import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { type Transport, transports } from '../../protocol/transport.ts';
import { plainAnalysis, plainComparison, plainRow } from '../../testing/by-hand/plain-analysis.ts';
import { plainRun } from '../../testing/by-hand/plain-run.ts';
import { plainFailure, plainTrial } from '../../testing/by-hand/plain-trial.ts';
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
    rows('bytes.total', { 'short-polling': 40_000, 'long-polling': 20_000, sse: 11_000, websocket: 10_000 }),
    { scenario: aboutOnce },
  );
  const all = transports.map((transport) => seen(cellOf(scenario, aFew, transport)));
  assert.deepEqual(all, [
    ['poor', '40.0 kB per client and minute at the sockets, 4 × the least'],
    ['works', '20.0 kB per client and minute at the sockets, 2 × the least'],
    ['good', '11.0 kB per client and minute at the sockets, 1.10 × the least'],
    ['good', '10.0 kB per client and minute at the sockets, the least'],
  ]);
  const { evidence, reason } = cellOf(scenario, aFew, 'sse');
  assert.deepEqual([evidence?.scenario, evidence?.title, evidence?.repeats], [0, 'Plain', 3]);
  assert.equal(reason, 'Some twenty bytes around each update.');
});

/** What a cell says of bytes with this ratio to the least, and with its interval if it has one. */
function atFactor(factor: number, interval?: readonly [number, number]): Cell {
  const comparisons = interval
    ? [plainComparison('bytes', 'sse', 'websocket', 'higher', [factor, interval[0], interval[1]])]
    : [];
  const scenario = plainAnalysis(rows('bytes.total', { sse: factor * 10_000, websocket: 10_000 }), {
    scenario: aboutOnce,
    comparisons,
  });
  return cellOf(scenario, aFew, 'sse');
}

test('the limits belong to the better judgement; a cell whose interval covers a limit says so', () => {
  assert.deepEqual(seen(atFactor(1.25, [1.24, 1.2499])), [
    'good',
    '12.5 kB per client and minute at the sockets, 1.25 × the least',
  ]);
  const line = ', at the limit between a good choice and one that works';
  assert.equal(
    atFactor(1.26, [1.24, 1.28]).evidence!.text,
    `12.6 kB per client and minute at the sockets, 1.26 × the least${line}`,
  );
  assert.deepEqual(
    [atFactor(1.24, [1.22, 1.27]), atFactor(1.26, [1.24, 1.28])].map(({ judgement }) => judgement),
    ['good', 'works'],
  );
  assert.match(
    atFactor(3.1, [2.8, 3.3]).evidence!.text,
    /3\.10 × the least, at the limit between one that works and a poor choice$/,
  );
  assert.match(
    atFactor(2, [1.2, 3.2]).evidence!.text,
    /, too close to the limits to tell a good choice from a poor one$/,
  );
});

test('without an interval a tenth either way is taken for one', () => {
  assert.match(atFactor(2.8).evidence!.text, /, at the limit between one that works and a poor choice$/);
  assert.match(atFactor(2.7).evidence!.text, /2\.70 × the least$/);
  assert.match(atFactor(1.2).evidence!.text, /, at the limit between a good choice and one that works$/);
});

test('below what anyone would pay to save, every transport is good, whatever the ratio', () => {
  const least = { sse: 100, websocket: 2_000, 'short-polling': 2_001, 'long-polling': 2_500 };
  const scenario = plainAnalysis(rows('bytes.total', least), { scenario: aboutOnce });
  const of = (transport: Transport) => seen(cellOf(scenario, aFew, transport));
  assert.deepEqual(of('sse'), ['good', '100 B per client and minute at the sockets, the least']);
  assert.deepEqual(of('websocket'), [
    'good',
    '2.00 kB per client and minute at the sockets, too little to pay for, but only just',
  ]);
  assert.deepEqual(of('short-polling'), [
    'poor',
    '2.00 kB per client and minute at the sockets, 20.0 × the least, hardly more than what is too little to pay for',
  ]);
  assert.deepEqual(of('long-polling'), ['poor', '2.50 kB per client and minute at the sockets, 25 × the least']);
});

test('bytes are those on the wire where the wire was counted', () => {
  const wired = rows('bytes.wire', { sse: 30_000, websocket: 20_000 });
  const scenario = plainAnalysis(wired, { scenario: aboutOnce, place: 'wire' });
  assert.deepEqual(seen(cellOf(scenario, aFew, 'sse')), [
    'works',
    '30.0 kB per client and minute on the wire, 1.50 × the least',
  ]);
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
  const none = plainAnalysis(rows('bytes.total', { sse: 0, websocket: 10_000 }), { scenario: aboutOnce });
  assert.deepEqual(seen(cellOf(none, aFew, 'websocket')), [
    'poor',
    '10.0 kB per client and minute at the sockets, far above the least',
  ]);
});

test('no judgement depends on whether chance could explain the difference', () => {
  for (const outcome of ['cannot-tell', 'unresolved', 'higher', 'too-few'] as const) {
    const comparisons = [plainComparison('bytes', 'sse', 'websocket', outcome, [2, 1.9, 2.1])];
    const scenario = plainAnalysis(rows('bytes.total', { sse: 20_000, websocket: 10_000 }), {
      scenario: aboutOnce,
      comparisons,
    });
    assert.deepEqual(seen(cellOf(scenario, aFew, 'sse')), [
      'works',
      '20.0 kB per client and minute at the sockets, 2 × the least',
    ]);
  }
});

test('a transport that delivers fewer updates is not the measure for those that deliver all', () => {
  const replacing = (conflated: number) =>
    plainAnalysis(
      [
        plainRow('short-polling', { 'bytes.total': 10_000, conflated }),
        plainRow('sse', { 'bytes.total': 200_000 }),
        plainRow('websocket', { 'bytes.total': 100_000, conflated: 0.1 }),
      ],
      { scenario: aboutOnce },
    );
  assert.deepEqual(seen(cellOf(replacing(0.114), aFew, 'short-polling')), [
    'works',
    '10.0 kB per client and minute at the sockets, but 11% of the updates replaced by newer ones',
  ]);
  assert.deepEqual(seen(cellOf(replacing(0.11), aFew, 'websocket')), [
    'good',
    '100 kB per client and minute at the sockets, the least',
  ]);
  assert.deepEqual(seen(cellOf(replacing(0.1), aFew, 'short-polling')), [
    'good',
    '10.0 kB per client and minute at the sockets, the least',
  ]);
});

test('where clients send constantly, bytes up count, whether updates were replaced or not', () => {
  const inputs = { arrivals: { kind: 'constant', perSecond: 5 }, payload: { kind: 'chat-text', bytes: 10 } } as const;
  const scenario = plainAnalysis(
    [plainRow('sse', { 'bytes.up': 50_000 }), plainRow('websocket', { 'bytes.up': 10_000, conflated: 0.5 })],
    { scenario: { inputs } },
  );
  const need = 'constantly: more than once a second each';
  assert.deepEqual(seen(cellOf(scenario, need, 'websocket')), [
    'good',
    '10.0 kB up per client and minute at the sockets, the least',
  ]);
  assert.deepEqual(seen(cellOf(scenario, need, 'sse')), [
    'poor',
    '50.0 kB up per client and minute at the sockets, 5 × the least',
  ]);
});

test('the share of a core that serving took is graded; within half of a limit the cell says so', () => {
  const graded = (msPerSecond: number) => {
    const scenario = plainAnalysis(rows('cpu.serving', { sse: msPerSecond }), { scenario: { clients: 100 } });
    return seen(cellOf(scenario, 'up to hundreds', 'sse'));
  };
  const line = ', at the limit between a good choice and one that works';
  assert.deepEqual(graded(160), ['good', '16% of a core for 100 clients']);
  assert.deepEqual(graded(250), ['good', `25% of a core for 100 clients${line}`]);
  assert.deepEqual(graded(251), ['works', `25% of a core for 100 clients${line}`]);
  assert.deepEqual(graded(400), ['works', '40% of a core for 100 clients']);
  assert.deepEqual(graded(700), [
    'works',
    '70% of a core for 100 clients, at the limit between one that works and a poor choice',
  ]);
  assert.deepEqual(graded(1_100), ['poor', '110% of a core for 100 clients']);
  const unknown = plainAnalysis([plainRow('sse')], { scenario: { clients: 100 } });
  assert.equal(cellOf(unknown, 'up to hundreds', 'sse').evidence, undefined);
});

test('a late transport is poor, and one in time is rated no better than by reasoning', () => {
  const within = (transport: Transport, ms: number, need: string) =>
    seen(cellOf(plainAnalysis(rows('latency.p90', { [transport]: ms })), need, transport));
  const line = ', at the limit of what is in time';
  assert.deepEqual(within('sse', 90, 'up to 100 ms'), ['good', 'In time: nine of ten within 90.0 ms']);
  assert.deepEqual(within('sse', 100, 'up to 100 ms'), ['good', `In time: nine of ten within 100 ms${line}`]);
  assert.deepEqual(within('sse', 101, 'up to 100 ms'), ['poor', `Too late: nine of ten within 101 ms${line}`]);
  assert.deepEqual(within('sse', 111, 'up to 100 ms'), ['poor', 'Too late: nine of ten within 111 ms']);
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
    'a proxy that is set up for it',
    'a proxy that buffers answers',
    'a proxy that does not upgrade',
    'a proxy that cuts what is silent',
  ]);
});

/** Ten clients that ask every second for 30 s, for 60 kB a client and minute around 12 kB of updates. */
const polled = plainTrial({
  transport: 'short-polling',
  counts: { ...plainTrial().counts, requests: 300 },
  bytes: {
    ...plainTrial().bytes,
    down: { encodedUpdateBytes: 60_000, framingBytes: 200_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
    up: { encodedUpdateBytes: 0, framingBytes: 100_000, drainFramingBytes: 0, surplusUpdateBytes: 0 },
  },
});

test('polling is judged by what it costs at an interval as long as the tolerance, by theory', () => {
  const of = (websocketBytes: number) =>
    plainAnalysis([
      plainRow('short-polling', { 'latency.p90': 900, 'bytes.total': 72_000 }, [polled, polled, polled]),
      plainRow('websocket', { 'latency.p90': 40, 'bytes.total': websocketBytes }),
    ]);
  // 60 polls of 1 kB; at eleven times the interval 60 / 11 of them, and the 12 kB of updates stay.
  assert.deepEqual(seen(cellOf(of(18_000), 'up to 10 s', 'short-polling')), [
    'good',
    'In time: nine of ten within 900 ms, asking every 1 s; every 11 s, by theory, 17 kB per client and minute at the sockets, 0.970 × the least of the others',
  ]);
  assert.equal(cellOf(of(9_000), 'up to 10 s', 'short-polling').judgement, 'works');
  assert.equal(cellOf(of(4_000), 'up to 10 s', 'short-polling').judgement, 'poor');
  assert.deepEqual(seen(cellOf(of(36_000), 'up to 1 s', 'short-polling')), [
    'works',
    'In time: nine of ten within 900 ms, asking every 1 s; every 1.1 s, by theory, 67 kB per client and minute at the sockets, 1.85 × the least',
  ]);
});

test('behind a proxy trials say whether they worked, were cut or held back', () => {
  const route = 'nginx:buffered-sse';
  const proxy = { kind: 'nginx', balancing: 'ip_hash', mistake: 'buffered-sse' } as const;
  const plan = { ...run.record.plan, routes: [{ ...directRoute, name: route, proxy }] };
  const behind = { record: { ...run.record, plan }, trials: [] };
  const trial = plainTrial({ counts: { ...plainTrial().counts, reconnects: 2 } });
  const transportsBehind = [
    plainRow('short-polling', { 'latency.p50': 500 }),
    { ...plainRow('long-polling'), valid: [], completed: [], failed: [plainFailure()] },
    plainRow('sse', { 'latency.p50': 500 }),
    plainRow('websocket', { 'latency.p50': 40 }),
  ];
  const scenario = plainAnalysis(transportsBehind, { paths: [{ route, transports: transportsBehind }] });
  const rowOf = (analysis: ScenarioAnalysis) =>
    decisionTable({ scenarios: [analysis], run: behind }).find(({ need }) => need === 'a proxy that buffers answers')!;
  assert.deepEqual(rowOf(scenario).cells.map(seen), [
    ['good', `Median 500 ms over ${route}`],
    ['poor', `No trial worked over ${route}`],
    ['poor', `Held back: median 500 ms over ${route}`],
    ['good', `Median 40.0 ms over ${route}`],
  ]);
  const cut = [...transportsBehind.slice(0, 3), plainRow('websocket', { 'latency.p50': 40 }, [trial, trial])];
  const cutScenario = plainAnalysis(cut, { paths: [{ route, transports: cut }] });
  assert.deepEqual(seen(rowOf(cutScenario).cells[3]!), ['works', `Cut 4 times over ${route}`]);
  const close = [...transportsBehind.slice(0, 2), plainRow('sse', { 'latency.p50': 399 }), transportsBehind[3]!];
  const closeCell = rowOf(plainAnalysis(close, { paths: [{ route, transports: close }] })).cells[2]!;
  assert.deepEqual(seen(closeCell), ['poor', `Median 399 ms over ${route}, at the limit of what is held back`]);
  const some = { ...plainRow('websocket', { 'latency.p50': 40 }), failed: [plainFailure()] };
  const partly = [...transportsBehind.slice(0, 3), some];
  const partlyCell = rowOf(plainAnalysis(partly, { paths: [{ route, transports: partly }] })).cells[3]!;
  assert.deepEqual(seen(partlyCell), ['works', `1 of 4 trials failed over ${route}`]);
  assert.equal(partlyCell.evidence?.repeats, 4);
  // The same trials are no evidence for a proxy without that mistake.
  const others = decisionTable({ scenarios: [scenario], run: behind }).filter(({ need }) =>
    /^a proxy that (is|does|cuts)/.test(need),
  );
  assert.ok(others.every(({ cells }) => cells.every(({ evidence }) => evidence === undefined)));
});
