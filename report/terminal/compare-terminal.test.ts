import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { compareRuns, pairRuns } from '../../analysis/comparison/run-comparison.ts';
import type { Run } from '../../results/schema/schema.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderComparison } from './compare-terminal.ts';

const plain = picocolors.createColors(false);
const names = { a: 'results/before', b: 'results/after' };

function rendered(a: Run, b: Run, { force = false, width = 80 } = {}): string {
  return renderComparison(compareRuns(pairRuns(a, b), { force }), { names, width, colors: plain });
}

function onOtherMachine({ record, trials }: Run): Run {
  return { record: { ...record, environment: { ...record.environment, cpuModel: 'Other', node: 'v22.1.0' } }, trials };
}

test('differences come first, then a table for each scenario', () => {
  const text = rendered(syntheticRun(), onOtherMachine(syntheticRun({ seed: 2 })));
  assert.match(text, /^A {2}results\/before\nB {2}results\/after\n\nOther machine: /);
  assert.match(text, /\n- CPU: A Synthetic CPU at 2\.80 GHz, B Other\n\nOther differences\n- Node\.js: A v20/);
  assert.match(
    text,
    /\n\nChat room \(other machine\)\n +A +B +B\/A\nShort polling\n {2}p50 +\d.*\(0\.\d+ to 1\.\d+\) +cannot tell\n/,
  );
  assert.match(text, /\nOnline game[\s\S]*shown once/);
  assert.match(text, /\nB\/A: ratio with its 95% interval\./);
  assert.doesNotMatch(rendered(syntheticRun(), syntheticRun({ seed: 2 })), /machine|differences|Warnings/);
});

test('a refused scenario shows the reason instead of a table; a forced one says so', () => {
  const [chat] = syntheticScenarios;
  const b = syntheticRun({ scenarios: [{ ...chat!, clients: 300 }] });
  const a = syntheticRun({ scenarios: [chat!] });
  const refused = rendered(a, b);
  assert.match(refused, /Chat room\nNot compared, [\s\S]*--force[\s\S]*\n- clients: A 200, B 300\n$/);
  assert.doesNotMatch(refused, /p50/);
  assert.match(rendered(a, b, { force: true }), /Compared by force; these parameters differ:\n- clients[\s\S]*p50/);
});

test('no line is wider than the terminal', () => {
  for (const width of [60, 70, 80, 120]) {
    const text = rendered(syntheticRun(), onOtherMachine(syntheticRun({ seed: 2, status: 'interrupted' })), { width });
    for (const line of text.split('\n')) assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
  }
});

test('text from a run cannot write escape codes', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\u202e\n';
  const make = (kernel: string, kind: string): Run => {
    const [chat] = syntheticScenarios;
    const scenario = { ...chat!, name: hostile, title: hostile, payload: { ...chat!.payload, kind: kind as 'notice' } };
    const { record, trials } = syntheticRun({ repeats: 1, scenarios: [scenario] });
    return { record: { ...record, environment: { ...record.environment, kernel, cpuModel: kernel } }, trials };
  };
  const comparison = compareRuns(pairRuns(make('a', 'b'), make(hostile, hostile)), { force: false });
  const text = renderComparison(comparison, { names: { a: hostile, b: hostile }, colors: plain });
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|\u202e/u);
});

test('colours change no text', () => {
  const comparison = compareRuns(pairRuns(syntheticRun(), syntheticRun({ seed: 2 })), { force: false });
  const painted = renderComparison(comparison, { names, colors: picocolors.createColors(true) });
  assert.equal(stripVTControlCharacters(painted), renderComparison(comparison, { names, colors: plain }));
});
