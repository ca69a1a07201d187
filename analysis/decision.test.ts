import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transports } from '../protocol/transport.ts';
import { failedFrom, syntheticRun } from '../results/synthetic.ts';
import { syntheticScenarios } from '../results/synthetic-scenarios.ts';
import { type Cell, type DecisionRow, decisionTable, goodFor } from './decision.ts';
import { analyseRun } from './run-analysis.ts';

function rowOf(table: readonly DecisionRow[], need: RegExp): DecisionRow {
  const found = table.filter((row) => need.test(row.need));
  assert.equal(found.length, 1, String(need));
  return found[0]!;
}

function cellOf(row: DecisionRow, transport: string): Cell {
  return row.cells.find((cell) => cell.transport === transport)!;
}

const table = decisionTable(analyseRun(syntheticRun()));

test('every need has a judgement with a reason for each transport', () => {
  for (const { need, cells } of table) {
    assert.deepEqual(
      cells.map(({ transport }) => transport),
      transports,
      need,
    );
    for (const { reason } of cells) assert.match(reason, /^[A-Z\d].*\.$/, need);
  }
});

test('a cell that a trial covers has its figure and its scenario; the others are reasoning', () => {
  const game = rowOf(table, /^tens a second/);
  assert.equal(cellOf(game, 'websocket').evidence?.title, 'Online game');
  assert.match(cellOf(game, 'short-polling').evidence!.text, /, but \d+% of the updates replaced by newer ones$/);
  assert.match(cellOf(game, 'long-polling').evidence!.text, /^[\d.]+ [kM]B a minute, [\d.]+ × the least$/);
  assert.equal(game.command, undefined);
  const rare = rowOf(table, /^rare/);
  assert.ok(rare.cells.every(({ evidence }) => evidence === undefined));
  assert.equal(rare.command, 'pvw run notifications');
  const proxies = table.filter(({ topic }) => topic === 'What lies between');
  assert.equal(proxies.length, 3);
  assert.ok(proxies.every(({ cells, command }) => !command && cells.every(({ evidence }) => !evidence)));
});

test('being late is a poor choice, and polls that ask seldom say nothing about less patience', () => {
  const strict = rowOf(table, /100 ms/);
  assert.match(cellOf(strict, 'websocket').evidence!.text, /^In time: nine of ten within \d/);
  assert.equal(cellOf(strict, 'websocket').judgement, 'good');
  const polled = cellOf(strict, 'short-polling');
  assert.equal(polled.judgement, 'poor');
  assert.match(polled.evidence!.text, /^Too late: .*, asking every 100 ms$/);
  const chat = decisionTable(analyseRun(syntheticRun({ scenarios: syntheticScenarios.slice(0, 1) })));
  assert.equal(cellOf(rowOf(chat, /100 ms/), 'short-polling').evidence, undefined);
});

test('the sentence about polling follows from the cells', () => {
  const needs = goodFor(table, 'short-polling').map(({ need }) => need);
  assert.ok(needs.includes('rare: less than one a minute') && needs.includes('a proxy that does not upgrade'));
  assert.ok(!needs.includes('up to 100 ms') && !needs.includes('tens a second'));
});

test('what differs by less than the data can tell is as good as the least', () => {
  const run = syntheticRun({
    scenarios: syntheticScenarios.slice(0, 1),
    alter: (trial) => {
      const factor = { sse: [1.4, 0.8, 1.7][trial.block]!, websocket: 1 }[trial.transport as string] ?? 5;
      const quiet = { encodedUpdateBytes: 0, framingBytes: 0, drainFramingBytes: 0, surplusUpdateBytes: 0 };
      const down = { ...quiet, encodedUpdateBytes: Math.round(100_000 * factor) };
      return { ...trial, bytes: { ...trial.bytes, up: quiet, down } };
    },
  });
  const cell = cellOf(rowOf(decisionTable(analyseRun(run)), /^about one or several/), 'sse');
  assert.equal(cell.judgement, 'good');
  assert.match(cell.evidence!.text, /not told apart from the least$/);
});

test('failed and missing transports are reasoning, and an empty run is nothing else', () => {
  const failed = syntheticRun({
    alter: (trial) => (trial.transport === 'sse' ? failedFrom(trial, 'start', 'no') : trial),
  });
  for (const run of [failed, syntheticRun({ transports: ['short-polling', 'websocket'] })]) {
    const rows = decisionTable(analyseRun(run));
    assert.ok(rows.every((row) => cellOf(row, 'sse').evidence === undefined));
    assert.ok(rows.some((row) => cellOf(row, 'websocket').evidence !== undefined));
  }
  const none = decisionTable(analyseRun(syntheticRun({ ended: 0 })));
  assert.ok(none.every(({ cells }) => cells.every(({ evidence }) => evidence === undefined)));
});
