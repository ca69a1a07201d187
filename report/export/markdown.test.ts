import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { needs } from '../../analysis/verdict/needs.ts';
import { failedFrom, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { verdictTexts } from '../sentences/outcome-text.ts';
import { renderMarkdown } from './markdown.ts';
import { escaped } from './markdown-text.ts';

test('a table and the verdicts for each scenario', () => {
  const run = syntheticRun();
  const text = renderMarkdown(run);
  assert.match(text, /^# quick\n\nMeasured 2025-01-31T12:00:00\.000Z by polling-vs-websocket/);
  assert.match(text, /\n## Chat room\n\n200 clients/);
  assert.match(
    text,
    /\n\| Transport \| repeats \| p50 \| p99 \| stale \|.*\n\| :-- \| --: .*\n\| Short polling \| 3 \| \d/,
  );
  const analysis = analyseRun(run);
  for (const sentence of verdictTexts(analysis.scenarios[0]!, analysis))
    assert.ok(text.includes(`\n- ${escaped(sentence)}`), sentence);
  assert.match(text, /- Shown once: no verdict\./);
  assert.doesNotMatch(text, /## (Warnings|Failed)/);
});

test('every row of a table has as many cells as its head', () => {
  const title = 'a | b \\| c';
  const run = syntheticRun({ scenarios: syntheticScenarios.map((scenario) => ({ ...scenario, title })) });
  const tables = renderMarkdown(run)
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
    .map((block) => block.split('\n'));
  // One for each scenario, and the one that decides.
  assert.deepEqual(
    tables.map((rows) => rows.length),
    [6, 6, 6, 2 + needs.length],
  );
  const cells = (row: string) => row.replace(/\\./g, '').split('|').length;
  for (const rows of tables) assert.equal(new Set(rows.map(cells)).size, 1);
});

test('failures and warnings are listed, missing repeats are counted', () => {
  const run = syntheticRun({
    alter: (trial, index) => (index === 0 ? failedFrom(trial, 'drain', 'server-1 ended') : trial),
  });
  const text = renderMarkdown(run);
  assert.match(text, /\n\| Short polling \| 2 of 3 \|/);
  assert.match(text, /\n## Failed trials\n\n- chat-room, Short polling, block 0, drain: server-1 ended\n/);
  assert.match(text, /\n## Warnings\n\n- Invalid: 1 trial failed/);
});

test('hostile text stays text', () => {
  assert.equal(escaped('<img src=x onerror=alert(1)>'), '\\<img src=x onerror=alert(1)\\>');
  assert.equal(escaped('[a](javascript:b)'), '\\[a\\](javascript:b)');
  assert.equal(escaped('`*_x_*` | ~~y~~ &lt; # h'), '\\`\\*\\_x\\_\\*\\` \\| \\~\\~y\\~\\~ \\&lt; \\# h');
  assert.equal(escaped('https://a.example www.b.example'), 'https\\://a.example www\\.b.example');
  assert.equal(escaped('@someone'), '@<!-- -->someone');
  assert.equal(escaped('- a\n# b'), '\\- a \\# b');
  assert.equal(escaped('1. a'), '1\\. a');
  assert.equal(escaped('15.1%'), '15.1%');
  const hostile = '\n\n</script><script>\u001b[2J\u202e|';
  const [chat] = syntheticScenarios;
  const text = renderMarkdown(
    syntheticRun({
      repeats: 1,
      scenarios: [{ ...chat!, name: hostile, title: hostile }],
      alter: (trial) => failedFrom(trial, 'start', hostile),
    }),
  );
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|\u202e|(?<!\\)<(?!!-- -->)/u);
});

test('verdicts compare with the chosen reference, and advice is given', () => {
  const text = renderMarkdown(syntheticRun(), { reference: 'sse' });
  assert.match(text, /\n- Short polling delivers [\d.]+ times later than SSE/);
  assert.doesNotMatch(text, /than short polling \(/);
  assert.match(text, /\n- Up to 100 ms of staleness: 3 of 4 are in time\. Use /);
  assert.match(
    text,
    /\n- Server memory: No verdict: with fewer than 1,000 clients .*: pvw run chat-room --clients 1000\n/,
  );
  assert.match(text, /\nShort polling is a good choice for updates in a channel \(rare: /);
});
