import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRun } from '../results/read-run.ts';
import type { Run } from '../results/schema.ts';

/** The command from its start to its end, good and bad, with real processes. */
const pvw = resolve(import.meta.dirname, '../bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-run-'));
after(() => rmSync(home, { recursive: true }));

const goneWithinMs = 2_000;
const short = ['run', 'chat-room', '--clients', '10', '--channels', '2', '--repeats', '1', '--warmup', '0'];
const twoTrials = [...short, '--transport', 'sse,websocket', '--duration', '1500ms'];

test('a run prints its result, keeps it, and says what it does meanwhile', async () => {
  const command = start([...short, '--transport', 'websocket', '--duration', '500ms', '--json', '--out', 'good']);
  const code = await command.ended;
  const run = readRun(join(home, 'good'));
  assert.ok(code === 0 || code === 4, `${code}: ${command.stderr()}`);
  assert.equal(run.record.status, 'completed');
  assert.deepEqual(statuses(run), ['completed']);
  assert.deepEqual(JSON.parse(command.stdout()), JSON.parse(JSON.stringify(run)));
  assert.match(command.stderr(), /^1 trial of chat-room, 40 ms .*: about \d+ s\n/);
  assert.match(command.stderr(), /start {3}\[1\/1\] chat-room · websocket/);
  assert.ok(existsSync(join(home, 'good/report.html')));
  assert.deepEqual(processesOf(command.child), []);
});

test('a threshold that is missed ends with 3, is named, and the exports are written all the same', async () => {
  const words = ['--threshold', 'websocket.latency.p50<1ms', '--threshold', 'websocket.latency.p50<10s'];
  const files = ['--export-csv', 'figures.csv', '--export-markdown', 'summary.md'];
  const command = start([
    ...short,
    '--transport',
    'websocket',
    '--duration',
    '2s',
    ...words,
    ...files,
    '--out',
    'missed',
  ]);
  const code = await command.ended;
  // A busy machine may make the trial invalid, which says more.
  assert.ok(code === 3 || code === 4, `${code}: ${command.stderr()}`);
  if (code === 3) assert.match(command.stderr(), /websocket\.latency\.p50 is .*, not < 1 ms/);
  assert.doesNotMatch(command.stderr(), /not < 10/);
  assert.match(readFileSync(join(home, 'figures.csv'), 'utf8'), /latency\.p50/);
  assert.match(readFileSync(join(home, 'summary.md'), 'utf8'), /WebSocket/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal}: finished trials and report stay, the run says so, exit code 130, nothing left`, async () => {
    const out = `stopped-${signal}`;
    // Long enough that whoever waits for the window's end comes too late.
    const command = start([...twoTrials, '--duration', '5s', '--out', out]);
    await command.says(/start {3}\[2\/2\]/);
    await until(() => processesOf(command.child).length >= 3);
    await sleep(1_500);
    const signalledMs = performance.now();
    // As a terminal does it: everything in front gets the signal, and npm repeats it.
    process.kill(-command.child.pid!, signal);
    process.kill(-command.child.pid!, signal);
    assert.equal(await command.ended, 130, command.stderr());
    assert.deepEqual(processesOf(command.child), []);
    assert.ok(performance.now() - signalledMs < goneWithinMs);
    const run = readRun(join(home, out));
    assert.equal(run.record.status, 'interrupted');
    assert.deepEqual(statuses(run), ['completed']);
    assert.match(readFileSync(join(home, out, 'report.html'), 'utf8'), /interrupted/);
  });
}

test('kill -9 of the command: the others end by themselves, and the run reads as interrupted', async () => {
  const command = start([...twoTrials, '--out', 'killed']);
  await until(() => processesOf(command.child).length >= 3);
  command.child.kill('SIGKILL');
  await command.ended;
  await until(() => processesOf(command.child).length === 0, goneWithinMs);
  assert.equal(readRun(join(home, 'killed')).record.status, 'interrupted');
});

for (const role of ['server', 'load', 'relay', 'source']) {
  test(`a ${role} process killed in a trial: that trial fails, the run goes on, exit code 4`, async () => {
    const out = `dead-${role}`;
    // Only where the server is the origin is there a source.
    const scenario = role === 'source' ? 'ticker' : 'chat-room';
    const command = start([...twoTrials.map((word) => (word === 'chat-room' ? scenario : word)), '--out', out]);
    await until(() => processesOf(command.child, role).length === 1);
    await sleep(700);
    process.kill(processesOf(command.child, role)[0]!, 'SIGKILL');
    assert.equal(await command.ended, 4, command.stderr());
    const run = readRun(join(home, out));
    assert.deepEqual(statuses(run), ['failed', 'completed']);
    assert.match(command.stderr(), new RegExp(`failed .*: .*${role}`));
    assert.deepEqual(processesOf(command.child), []);
  });
}

function statuses({ trials }: Run): readonly string[] {
  return trials.map(({ status }) => status);
}

function start(args: readonly string[]) {
  // A group of its own, as a shell gives it, so that a signal reaches it whole and never the test.
  const child = spawn(process.execPath, [pvw, ...args], {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return {
    child,
    ended: new Promise<number | null>((ended) => child.on('close', ended)),
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    says: (pattern: RegExp) => until(() => pattern.test(text.stderr)),
  };
}

/** Measured processes of one command: they run programs from a directory that is named after its process id. */
function processesOf({ pid }: ChildProcess, role = ''): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => commandLine(name).includes(`pvw-${pid}-`) && commandLine(name).includes(`/${role}`))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const startedMs = performance.now();
  while (!holds()) {
    if (performance.now() - startedMs > withinMs) assert.fail(`not within ${withinMs} ms: ${holds}`);
    await sleep(20);
  }
}
