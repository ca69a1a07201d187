import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { routeOf } from '../figures/run-routes.ts';
import { pathText } from './path-text.ts';
import { type PathCell, type PathTable, pathTables, staysOnHttp1 } from './paths.ts';

const scenarios = syntheticScenarios.slice(0, 1);
/** Transports far apart in every figure, so that only the changes of a test can change their order. */
const transports = ['short-polling', 'websocket'] as const;
const direct = syntheticRoutes.filter(({ name }) => name === 'direct');
const nginx = syntheticRoutes.filter(({ name }) => name === 'nginx');
const count = syntheticRoutes.length;
const h2 = syntheticRoutes.filter(({ name }) => name === 'h2');

function tableOf(options: SyntheticOptions): PathTable {
  const run = syntheticRun({ scenarios, transports, routes: syntheticRoutes, ...options });
  const [table] = pathTables(analyseRun(run));
  assert.ok(table);
  return table;
}

function cellOf({ lines }: PathTable, route: string, transport: string): PathCell {
  const cell = lines.find((line) => line.route === route)?.cells.find(({ row }) => row.transport === transport);
  assert.ok(cell, `${route} ${transport}`);
  return cell;
}

/** Changes the trials of path h2. */
function onH2(change: (trial: CompletedTrial) => CompletedTrial) {
  return (trial: CompletedTrial) => (routeOf(trial) === 'h2' ? change(trial) : trial);
}

/** Fewer bytes than any other transport sends. */
function withFewBytes(trial: CompletedTrial): CompletedTrial {
  if (trial.transport !== 'short-polling') return trial;
  const { up, down } = trial.bytes;
  const few = { framingBytes: 50 + trial.block, drainFramingBytes: 0, surplusUpdateBytes: 0 };
  return {
    ...trial,
    bytes: { ...trial.bytes, up: { ...up, ...few }, down: { ...down, ...few, encodedUpdateBytes: 2_000 } },
  };
}

const broken = (trial: CompletedTrial) => ({ ...trial, ledger: { ...trial.ledger, lost: 1 } });

test('a run over one path has no table', () => {
  assert.deepEqual(pathTables(analyseRun(syntheticRun({ scenarios }))), []);
  assert.deepEqual(pathTables(analyseRun(syntheticRun({ scenarios, routes: h2 }))), []);
});

test('each path has its medians and its ratios to its partner, block by block', () => {
  const table = tableOf({ repeats: 5 });
  assert.deepEqual(
    table.lines.map(({ route }) => route),
    syntheticRoutes.map(({ name }) => name),
  );
  assert.equal(cellOf(table, 'direct', 'websocket').changes, undefined);
  const { changes, row } = cellOf(table, 'h2', 'short-polling');
  const before = cellOf(table, 'tls', 'short-polling').row;
  const ratios = row.valid.map(({ figures }, i) => figures['bytes.total']! / before.valid[i]!.figures['bytes.total']!);
  assert.deepEqual(
    changes!.bytes.ratios.map(({ ratio }) => ratio),
    ratios,
  );
  assert.equal(changes!.bytes.outcome, 'lower');
  assert.ok(changes!.bytes.estimate!.low < ratios[0]! * 1.1 && changes!.bytes.estimate!.high > ratios[0]! * 0.9);
  assert.equal(cellOf(table, 'browser-headers', 'short-polling').changes!.bytes.outcome, 'higher');
});

test('a figure that a path does not change is the same within 1%', () => {
  const outcomes = ['tls', 'nginx', 'nginx-2-nodes', 'h2', 'compressed'].map(
    (route) => cellOf(tableOf({ repeats: 5, seed: 3 }), route, 'websocket').changes!.freshness.outcome,
  );
  assert.deepEqual(new Set(outcomes), new Set(['equal']));
});

test('over HTTP/2 WebSocket stays on HTTP/1.1, the others do not', () => {
  const { lines } = tableOf({ repeats: 1, transports: ['sse', 'websocket'] });
  const staying = lines.flatMap((line) =>
    line.cells.filter((cell) => staysOnHttp1(cell, line)).map(({ row }) => `${line.route} ${row.transport}`),
  );
  assert.deepEqual(staying, ['h2 websocket']);
});

test('the same order on all paths is stated, with the order', () => {
  const table = tableOf({ repeats: 5 });
  const bytes = table.answers.find(({ question }) => question === 'bytes')!;
  assert.deepEqual([bytes.outcome, bytes.order, bytes.judged.length], ['same', ['websocket', 'short-polling'], count]);
  const { headline, details } = pathText(table);
  assert.match(headline, /^No: the order of the transports by .*bytes.* is the same on all \d paths\.$/);
  assert.ok(
    details.includes(
      `By bytes at the sockets the order is the same on all ${count} paths, the least first: WebSocket and short polling.`,
    ),
    details.join('\n'),
  );
});

test('an order that a path reverses is stated with both ratios', () => {
  const table = tableOf({ repeats: 5, routes: [...direct, ...h2], alter: onH2(withFewBytes) });
  const bytes = table.answers.find(({ question }) => question === 'bytes')!;
  assert.deepEqual(
    [bytes.outcome, bytes.shifts.map(({ route, kind }) => `${route} ${kind}`)],
    ['reversed', ['h2 reversed']],
  );
  const { headline, details } = pathText(table);
  assert.equal(headline, 'Yes, the path changes the answer: the order by bytes at the sockets is another on h2.');
  assert.match(
    details.join('\n'),
    /Over HTTP\/2 with TLS: Short polling needs [\d.]+ times fewer bytes at the sockets than WebSocket \([\d.]+ to [\d.]+\)\. Directly it is the other way round: WebSocket needs [\d.]+ times fewer bytes at the sockets than short polling/,
  );
});

/** Framing of WebSocket differs by a share of 100 kB, less or more of it from block to block; all else is alike. */
const unsteadily = [0.6, 1.4, 1, 0.8, 1.2];

test('a reversal too small to matter does not change the answer, and what is equal has no order', () => {
  const nudged = (bytes: number) => (trial: CompletedTrial) => {
    const { up, down } = trial.bytes;
    const framingBytes = 100_000 + (trial.transport === 'websocket' ? bytes * unsteadily[trial.block]! : 0);
    const same = { encodedUpdateBytes: 0, framingBytes, drainFramingBytes: 0, surplusUpdateBytes: 0 };
    return { ...trial, bytes: { ...trial.bytes, up: { ...up, ...same }, down: { ...down, ...same } } };
  };
  const turned = (least: number) => (trial: CompletedTrial) =>
    nudged(routeOf(trial) === 'nginx' ? least : -least)(trial);
  const found = (least: number) => {
    const table = tableOf({ repeats: 5, routes: [...direct, ...nginx], alter: turned(least) });
    const { outcome, hasSmallShifts } = table.answers.find(({ question }) => question === 'bytes')!;
    return { outcome, hasSmallShifts, text: pathText(table).details.join(' ') };
  };
  // 0.8% is below the 1% that counts, but its interval is not.
  const small = found(800);
  assert.deepEqual([small.outcome, small.hasSmallShifts], ['same', true]);
  assert.match(
    small.text,
    /By bytes at the sockets the order is the same on all 2 paths, differences below 1% aside\./,
  );
  const large = found(9_000);
  assert.deepEqual([large.outcome, large.hasSmallShifts], ['reversed', false]);
  const equal = found(200);
  assert.deepEqual([equal.outcome, equal.hasSmallShifts], ['equal', false]);
  assert.match(equal.text, /The transports are equal in bytes at the sockets within 1% on all 2 paths\./);
});

/** Server CPU by transport and block, in milliseconds. */
type CpuMs = Readonly<Record<string, readonly number[]>>;

const far: CpuMs = { 'long-polling': [100, 101, 99], sse: [201, 200, 199], websocket: [400, 398, 402] };
/** SSE and WebSocket lie above long polling by intervals that leave 1 out, and are not clear enough among three. */
const unsure: CpuMs = { 'long-polling': [100, 100, 100], sse: [113, 150, 128], websocket: [155, 130, 125] };

function cpuAnswer(direct: CpuMs, behindNginx: CpuMs) {
  const alter = (trial: CompletedTrial) => {
    const cpuMs = (routeOf(trial) === 'nginx' ? behindNginx : direct)[trial.transport]![trial.block]!;
    const set = (each: CompletedTrial['processes'][number]) => ({ ...each, cpuWindowMs: cpuMs });
    return { ...trial, processes: trial.processes.filter(({ role }) => role === 'server').map(set) };
  };
  const routes = syntheticRoutes.filter(({ name }) => name === 'direct' || name === 'nginx');
  const table = tableOf({ repeats: 3, routes, transports: ['long-polling', 'sse', 'websocket'], alter });
  const answer = table.answers.find(({ question }) => question === 'server-cpu')!;
  return { ...answer, texts: pathText(table) };
}

test('a path without enough repeats is said to be that, and keeps no order and turns none', () => {
  const only = cpuAnswer(far, unsure);
  assert.equal(only.outcome, 'shifted');
  assert.deepEqual(
    only.shifts.map(({ kind, now }) => [kind, now.outcome]),
    [
      ['unsure', 'unresolved'],
      ['unsure', 'unresolved'],
      ['blurred', 'cannot-tell'],
    ],
  );
  assert.ok(
    only.texts.details.includes(
      'In server CPU there are not enough repeats to tell long polling and SSE apart on nginx; ' +
        'there are not enough repeats to tell long polling and WebSocket apart on nginx; ' +
        'SSE and WebSocket cannot be told apart any more on nginx.',
    ),
    only.texts.details.join('\n'),
  );
  // The other way round it is the main path that has too few.
  assert.match(
    cpuAnswer(unsure, far).texts.details.join('\n'),
    /not enough repeats to tell long polling and SSE apart on direct;.* SSE and WebSocket can be told apart on nginx only\./,
  );
});

test('where no path has enough repeats for any two, that is the answer', () => {
  const { outcome, texts } = cpuAnswer(unsure, unsure);
  assert.equal(outcome, 'unsure');
  assert.ok(texts.details.includes('Not enough repeats to tell the transports apart in server CPU on any path.'));
  assert.doesNotMatch(texts.headline, /server CPU/);
});

test('if no two transports can be told apart, there is no order to keep', () => {
  const alike = (trial: CompletedTrial) => {
    const { up, down } = trial.bytes;
    const swing = (trial.transport === 'websocket' ? 1 : -1) * (trial.block % 2 === 0 ? 30_000 : -30_000);
    const same = { encodedUpdateBytes: 0, framingBytes: 100_000 + swing, drainFramingBytes: 0, surplusUpdateBytes: 0 };
    return { ...trial, bytes: { ...trial.bytes, up: { ...up, ...same }, down: { ...down, ...same } } };
  };
  const table = tableOf({ repeats: 6, routes: [...direct, ...nginx], alter: alike });
  assert.equal(table.answers.find(({ question }) => question === 'bytes')!.outcome, 'no-order');
  const { headline, details } = pathText(table);
  assert.doesNotMatch(headline, /bytes/);
  assert.ok(
    details.includes('By bytes at the sockets no two transports can be told apart on any path.'),
    details.join('\n'),
  );
});

test('invalid and failed trials are in no median or ratio, and a path without enough valid ones has no verdict', () => {
  const table = tableOf({
    repeats: 3,
    routes: [...direct, ...h2],
    alter: (trial) => {
      if (routeOf(trial) !== 'h2' || trial.transport !== 'short-polling') return trial;
      return trial.block === 0 ? broken(trial) : trial.block === 1 ? failedFrom(trial, 'drain', 'no') : trial;
    },
  });
  const { row, changes } = cellOf(table, 'h2', 'short-polling');
  assert.deepEqual([row.completed.length, row.valid.length, row.failed.length], [2, 1, 1]);
  assert.deepEqual([changes!.bytes.ratios.length, changes!.bytes.outcome], [1, 'too-few']);
  assert.equal(cellOf(table, 'h2', 'websocket').changes!.bytes.ratios.length, 3);
  assert.match(
    pathText(table).headline,
    /^Whether the path changes the answer cannot be told\. No verdict: fewer than three valid/,
  );
});

test('if one of several paths cannot be judged, it is named and the others are judged', () => {
  const table = tableOf({
    repeats: 3,
    routes: syntheticRoutes.slice(0, 3),
    alter: (trial) => (routeOf(trial) === 'tls' ? broken(trial) : trial),
  });
  const bytes = table.answers.find(({ question }) => question === 'bytes')!;
  assert.deepEqual([bytes.outcome, bytes.judged, bytes.unjudged], ['same', ['direct', 'nginx'], ['tls']]);
  const { headline, details } = pathText(table);
  assert.match(headline, /is the same on the paths that could be judged\.$/);
  assert.ok(
    details.includes('No verdict on bytes at the sockets over tls: too few valid repeats to compare.'),
    details.join('\n'),
  );
});

test('with one repeat there are medians, but no verdicts on ratios or order', () => {
  const table = tableOf({ repeats: 1 });
  const { row, changes } = cellOf(table, 'h2', 'short-polling');
  assert.ok(row.medians['bytes.total']! > 0);
  assert.deepEqual([changes!.bytes.outcome, changes!.bytes.estimate], ['too-few', undefined]);
  assert.deepEqual(pathText(table), {
    headline: 'Whether the path changes the answer cannot be told. Shown once: no verdict.',
    details: [],
  });
});

test('warnings cover every path, verdicts only the main one', () => {
  const run = syntheticRun({ scenarios, routes: [...direct, ...h2], repeats: 3, alter: onH2(broken) });
  const {
    trialWarnings,
    scenarios: [scenario],
  } = analyseRun(run);
  assert.deepEqual(
    trialWarnings
      .filter(({ warning }) => warning.severity === 'invalid')
      .map(({ warning, trials }) => [warning.code, trials.length, new Set(trials.map(routeOf)).size]),
    [['ledger-broken', 12, 1]],
  );
  assert.ok(scenario!.transports.every(({ valid }) => valid.length === 3));
});
