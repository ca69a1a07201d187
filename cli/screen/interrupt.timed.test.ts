import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '../../results/store/read-run.ts';
import { processesOf, shortRun, startCommand, until } from '../../testing/commands/started-command.ts';

/** How fast the command stops, and that none of its processes is left. */
const home = mkdtempSync(join(tmpdir(), 'pvw-stop-'));
after(() => rmSync(home, { recursive: true }));

const goneWithinMs = 2_000;
const twoTrials = [...shortRun, '--transport', 'sse,websocket'];

describe('a signal', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} ends with 130, keeps finished trials and report, and leaves no process`, () => endsWith(signal));
  }
});

async function endsWith(signal: NodeJS.Signals): Promise<void> {
  const out = `stopped-${signal}`;
  // Long enough that waiting for the end of the window would fail the test.
  const command = startCommand(home, [...twoTrials, '--duration', '4s', '--out', out]);
  await command.says(/start {3}\[2\/2\]/);
  await command.until(() => processesOf(command.child).length >= 3);
  await sleep(1_500);
  const signalledMs = performance.now();
  // As in a terminal: the whole foreground process group gets the signal, and npm repeats it.
  process.kill(-command.child.pid!, signal);
  process.kill(-command.child.pid!, signal);
  assert.equal(await command.ended, 130, command.stderr());
  assert.deepEqual(processesOf(command.child), []);
  assert.ok(performance.now() - signalledMs < goneWithinMs);
  const run = readRun(join(home, out));
  assert.equal(run.record.status, 'interrupted');
  assert.deepEqual(
    run.trials.map(({ status }) => status),
    ['completed'],
  );
  assert.match(readFileSync(join(home, out, 'report.html'), 'utf8'), /interrupted/);
}

test('after kill -9 of the command its child processes end, and the run reads as interrupted', async () => {
  const command = startCommand(home, [...twoTrials, '--duration', '1500ms', '--out', 'killed']);
  await command.until(() => processesOf(command.child).length >= 3);
  command.child.kill('SIGKILL');
  await command.ended;
  await until(() => processesOf(command.child).length === 0, goneWithinMs);
  assert.equal(readRun(join(home, 'killed')).record.status, 'interrupted');
});
