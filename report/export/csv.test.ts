import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureKeys, figureOf, figures } from '../../analysis/figures/figures.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderCsv } from './csv.ts';
import { textCell } from './csv-text.ts';

/** Reads RFC 4180, quoted fields included. */
function parseCsv(text: string): readonly (readonly string[])[] {
  assert.ok(text.endsWith('\r\n'));
  const fields = [...text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)];
  assert.equal(fields.map(([whole]) => whole).join(''), text);
  const rows: string[][] = [[]];
  for (const [, field = '', end] of fields) {
    rows.at(-1)!.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('every figure of every trial reads back unrounded', () => {
  const run = syntheticRun();
  const [header, ...rows] = parseCsv(renderCsv(run));
  assert.deepEqual(header, ['scenario', 'transport', 'block', 'position', 'status', 'figure', 'value', 'unit']);
  const expected = run.trials.flatMap((trial) => {
    assert.ok(trial.status === 'completed');
    const { scenario } = run.record.plan.scenarios.find((planned) => planned.scenario.name === trial.scenario)!;
    return figureKeys.map((key) => ({ trial, key, value: figureOf(key, { trial, scenario }) }));
  });
  assert.equal(rows.length, expected.length);
  for (const [index, { trial, key, value }] of expected.entries()) {
    const [scenario, transport, block, position, status, figure, text, unit] = rows[index]!;
    assert.deepEqual(
      [scenario, transport, status, figure, unit],
      [trial.scenario, trial.transport, 'valid', key, figures[key].unit],
    );
    assert.deepEqual([Number(block), Number(position)], [trial.block, trial.position]);
    assert.equal(text === '' ? undefined : Number(text), value);
  }
});

test('a failed trial has one row, an invalid one is marked', () => {
  const run = syntheticRun({
    alter: (trial, index) => {
      if (index === 0) return failedFrom(trial, 'start', 'no');
      return index === 1 ? { ...trial, ledger: { ...trial.ledger, lost: 4 } } : trial;
    },
  });
  const [, first, ...rest] = parseCsv(renderCsv(run));
  assert.deepEqual(first!.slice(4), ['failed', '', '', '']);
  assert.ok(rest.slice(0, figureKeys.length).every((row) => row[4] === 'invalid'));
  assert.equal(rest[figureKeys.length]![4], 'valid');
});

test('hostile names make no formula, extra column or escape code', () => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\uff1d1']) {
    assert.match(textCell(name), /^'/, JSON.stringify(name));
  }
  assert.equal(textCell('chat-room'), 'chat-room');
  const name = '=cmd|"/c calc",\r\n\u001b[2J\u202e';
  const run = syntheticRun({ repeats: 1, scenarios: [{ ...syntheticScenarios[0]!, name }] });
  const text = renderCsv(run);
  assert.doesNotMatch(text.replaceAll('\r\n', ''), /\p{Cc}|\u202e/u);
  const rows = parseCsv(text);
  assert.equal(rows.length, 1 + 4 * figureKeys.length);
  assert.ok(rows.every((row) => row.length === 8));
  assert.match(rows[1]![0]!, /^'=cmd\|"\/c calc", /);
});

test('a transport run against itself has a last column with the arm', () => {
  const [head, first, ...rest] = renderCsv(syntheticRun({ aa: true, repeats: 1, transports: ['sse'] })).split('\r\n');
  assert.match(head!, /,unit,arm$/);
  assert.match(first!, /,A$/);
  assert.ok(rest.some((row) => row.endsWith(',B')));
  assert.doesNotMatch(renderCsv(syntheticRun({ repeats: 1 })), /^[^\r]*arm/);
});
