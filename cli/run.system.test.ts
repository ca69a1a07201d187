import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '../results/store/read-run.ts';
import { processesOf, shortRun, startCommand } from '../testing/commands/started-command.ts';

/** `pvw run` from start to end with real processes. interrupt.timed.test.ts checks how fast it stops. */
const home = mkdtempSync(join(tmpdir(), 'pvw-run-'));
after(() => rmSync(home, { recursive: true }));

const overWebSocket = [...shortRun, '--transport', 'websocket'];

test('a run prints its result, keeps it, and shows its progress on stderr', async () => {
  const command = startCommand(home, [...overWebSocket, '--duration', '500ms', '--json', '--out', 'good']);
  const code = await command.ended;
  const run = readRun(join(home, 'good'));
  assert.ok(code === 0 || code === 4, `${code}: ${command.stderr()}`);
  assert.equal(run.record.status, 'completed');
  assert.deepEqual(
    run.trials.map(({ status }) => status),
    ['completed'],
  );
  assert.deepEqual(JSON.parse(command.stdout()), JSON.parse(JSON.stringify(run)));
  assert.match(command.stderr(), /^1 trial of chat-room, 40 ms .*: about \d+ s\n/);
  assert.match(command.stderr(), /start {3}\[1\/1\] chat-room · websocket/);
  assert.ok(existsSync(join(home, 'good/report.html')));
  assert.deepEqual(processesOf(command.child), []);
});

test('a run that misses a threshold ends with 3, names it, and still writes the exports', async () => {
  const words = ['--threshold', 'websocket.latency.p50<1ms', '--threshold', 'websocket.latency.p50<10s'];
  const files = ['--export-csv', 'figures.csv', '--export-markdown', 'summary.md'];
  const command = startCommand(home, [...overWebSocket, '--duration', '2s', ...words, ...files, '--out', 'missed']);
  const code = await command.ended;
  // On a busy machine the trial may be invalid. Then nothing was measured, and both thresholds fail.
  assert.equal(code, 3, command.stderr());
  assert.match(
    command.stderr(),
    /websocket\.latency\.p50 (is .*, not|was not measured, so it is not known to be) < 1 ms/,
  );
  assert.doesNotMatch(command.stderr(), /p50 is .*, not < 10/);
  assert.match(readFileSync(join(home, 'figures.csv'), 'utf8'), /latency\.p50/);
  assert.match(readFileSync(join(home, 'summary.md'), 'utf8'), /WebSocket/);
});

test('a killed server, load or relay fails only its trial, and the run ends with 4', async () => {
  const transports = 'sse,websocket,long-polling,short-polling';
  const words = [...shortRun, '--transport', transports, '--duration', '1500ms', '--out', 'dead'];
  await survivesDeathsOf(['server', 'load', 'relay'], words, 'dead');
});

test('a killed source fails only its trial', async () => {
  // A source runs only if the server is the origin of the updates.
  const ticker = shortRun.map((word) => (word === 'chat-room' ? 'ticker' : word));
  const words = [...ticker, '--transport', 'sse,websocket', '--duration', '1500ms', '--out', 'dead-source'];
  await survivesDeathsOf(['source'], words, 'dead-source');
});

/** Kills one process in each of the first trials. The run has one more trial than there are roles. */
async function survivesDeathsOf(roles: readonly string[], words: readonly string[], out: string): Promise<void> {
  const command = startCommand(home, words);
  for (const [index, role] of roles.entries()) {
    await command.says(new RegExp(`start {3}\\[${index + 1}/${roles.length + 1}\\]`));
    await command.until(() => processesOf(command.child, role).length === 1);
    await sleep(700);
    process.kill(processesOf(command.child, role)[0]!, 'SIGKILL');
    await command.says(new RegExp(`failed .*: .*${role}`));
  }
  assert.equal(await command.ended, 4, command.stderr());
  assert.deepEqual(
    readRun(join(home, out)).trials.map(({ status }) => status),
    [...roles.map(() => 'failed'), 'completed'],
  );
  assert.deepEqual(processesOf(command.child), []);
}
