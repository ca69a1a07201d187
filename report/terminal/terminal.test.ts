import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { failedFrom, type SyntheticOptions, syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../../testing/synthetic/synthetic-scenarios.ts';
import { renderTerminal } from './terminal.ts';

const plain = picocolors.createColors(false);

function rendered(options: SyntheticOptions = {}, width = 80): string {
  return renderTerminal(syntheticRun(options), { width, colors: plain });
}

test('a table and verdicts for each scenario', () => {
  const text = rendered();
  assert.match(text, /^Chat room\n200 clients in 20 channels · 0\.5 updates\/s at random in each/);
  assert.match(text, /\n +p50 +p99 +stale +down +up +CPU\/update +requests\nShort polling +\d/);
  assert.match(text, /- WebSocket delivers \d+\.\d times sooner than short polling \(\d+\.\d to \d+\.\d\)\./);
  assert.match(text, /Online game\n[\s\S]*- Shown once: no verdict\.\n/);
  assert.doesNotMatch(text, /Warnings|Failed/);
});

test('no line is wider than the terminal, and the least important columns are dropped first', () => {
  for (const width of [40, 60, 80, 100, 200]) {
    const text = rendered({ repeats: 5 }, width);
    for (const line of text.split('\n')) assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
    assert.equal(/ client CPU/.test(text), width >= 100, `${width}`);
    assert.ok(!text.includes('server memory'), 'what nobody knows takes no place');
    assert.ok(text.includes(' p50'));
  }
});

test('failed and invalid trials and unfinished runs are reported', () => {
  const text = rendered({
    status: 'interrupted',
    ended: 7,
    alter: (trial, index) => {
      if (index === 2) return failedFrom(trial, 'drain', 'server-1 ended with code 1');
      return index === 3 ? { ...trial, ledger: { ...trial.ledger, lost: 4 } } : trial;
    },
  });
  assert.match(text, /\nSSE ! +– /);
  assert.match(text, /\n! SSE: 1 failed of 3\.\n! WebSocket: 1 invalid of 3\.\n/);
  assert.match(text, /\nFailed trials\n- chat-room, SSE, block 0, drain: server-1 ended with code 1\n/);
  assert.match(text, /- Caution: Interrupted: 7 of 20 trials had ended\./);
  assert.match(text, /- Invalid: chat-room, WebSocket: The ledger does not balance \(4 lost\)/);
  assert.match(text, /Live stream\n[\s\S]*\nNo trial has ended\.\n/);
  assert.match(text, /- No verdict: fewer than three valid repeats to compare\.\n/);
});

test('text from a run cannot write escape codes', () => {
  const hostile = '\u001b[2J\u001b]0;owned\u0007\u202e';
  const [chat, ...others] = syntheticScenarios;
  const run = syntheticRun({
    scenarios: [{ ...chat!, title: hostile, payload: { ...chat!.payload, kind: hostile as 'notice' } }, ...others],
    alter: (trial) => failedFrom(trial, 'start', hostile),
  });
  assert.doesNotMatch(renderTerminal(run, { colors: plain }).replaceAll('\n', ''), /\p{Cc}|\u202e/u);
});

test('colours change no text', () => {
  const run = syntheticRun({ status: 'interrupted', ended: 3 });
  const painted = renderTerminal(run, { colors: picocolors.createColors(true) });
  assert.notEqual(painted, stripVTControlCharacters(painted));
  assert.equal(stripVTControlCharacters(painted), renderTerminal(run, { colors: plain }));
});

test('another reference reverses the sentences', () => {
  const text = renderTerminal(syntheticRun(), { colors: plain, reference: 'websocket' });
  assert.match(text, /- Short polling delivers \d+\.\d times later than WebSocket/);
});
