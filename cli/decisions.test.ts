import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CompletedTrial, Run } from '../results/schema/schema.ts';
import { openCommand } from '../testing/commands/asked-command.ts';
import { failedFrom, syntheticRun } from '../testing/synthetic/synthetic.ts';
import { syntheticScenarios } from '../testing/synthetic/synthetic-scenarios.ts';
import { UsageError } from '../text/usage-error.ts';
import { limitOf } from './options/fail-on.ts';

/**
 * Exit codes, stderr and files of `report` and `compare`, on which scripts rely. The runs are synthetic.
 * run.system.test.ts checks that a process ends with these codes.
 */
const home = mkdtempSync(join(tmpdir(), 'pvw-decisions-'));
const { ask, stop } = openCommand(home);
after(() => {
  stop();
  rmSync(home, { recursive: true });
});

const [chat] = syntheticScenarios;
const scenarios = [chat!];
keep('before', syntheticRun({ scenarios }));
keep('after', syntheticRun({ scenarios, seed: 2, alter: twiceTheCpu }));
keep('larger', syntheticRun({ scenarios: [{ ...chat!, clients: 300 }] }));
keep('another', syntheticRun({ scenarios: [{ ...chat!, name: 'another' }] }));
keep('invalid', syntheticRun({ scenarios, alter: (trial, i) => (i === 0 ? failedFrom(trial, 'start', 'no') : trial) }));

keep('empty', syntheticRun({ scenarios, alter: withoutUpdates }));

/** As the trial of a trace whose first instant lies behind the window. */
function withoutUpdates(trial: CompletedTrial): CompletedTrial {
  const { updates, ledger, latency } = trial;
  const none = { ...latency.delivery, count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 };
  return {
    ...trial,
    updates: { ...updates, intended: 0, published: 0, accepted: 0 },
    ledger: { ...ledger, expected: 0, received: 0, conflated: 0 },
    latency: { ...latency, delivery: none, downlink: none, uplink: none },
    staleFraction: 0,
    meanStalenessMs: 0,
    outstandingMs: 0,
  };
}

function twiceTheCpu(trial: CompletedTrial): CompletedTrial {
  const processes = trial.processes.map((process) => ({ ...process, cpuWindowMs: process.cpuWindowMs * 2 }));
  return { ...trial, processes };
}

function keep(name: string, { record, trials }: Run): void {
  mkdirSync(join(home, name));
  writeFileSync(join(home, name, 'run.json'), JSON.stringify(record));
  writeFileSync(join(home, name, 'trials.jsonl'), trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
}

test('report: thresholds that hold print nothing, others one line each with exit code 3; CSV is written', async () => {
  const hold = await ask('report', 'before', '--threshold', 'websocket.latency.p99<10s', '--export-csv', 'a.csv');
  assert.deepEqual([hold.code, hold.stderr], [0, '']);
  assert.match(
    readFileSync(join(home, 'a.csv'), 'utf8'),
    /^scenario,transport,.*\r\nchat-room,short-polling,0,0,valid,/,
  );
  const failed = await ask(
    'report',
    'before',
    '--threshold',
    'sse.stale<0',
    '--threshold',
    'chat-room/sse.reconnects>0',
  );
  assert.equal(failed.code, 3);
  assert.match(
    failed.stderr,
    /^pvw: --threshold: chat-room\/sse\.stale is .*%, not < 0%\npvw: --threshold: .*reconnects is 0, not > 0\n$/,
  );
});

test('report: an invalid run ends with 3 if a threshold fails, with 4 if all hold, and with 0 without a threshold', async () => {
  assert.equal((await ask('report', 'invalid', '--threshold', 'sse.stale<0')).code, 3);
  assert.equal((await ask('report', 'invalid', '--threshold', 'sse.stale<99%')).code, 4);
  assert.equal((await ask('report', 'invalid', '--export-markdown', 'a.md')).code, 0);
  assert.match(readFileSync(join(home, 'a.md'), 'utf8'), /## Failed trials/);
});

test('report: of a run in which nothing happened no figure is known, and every threshold fails', async () => {
  const conditions = ['bytes.total<10kB', 'stale<=5%', 'latency.p50<10s', 'reconnects<=0'];
  const thresholds = conditions.flatMap((condition) => ['--threshold', `websocket.${condition}`]);
  const { code, stdout, stderr } = await ask('report', 'empty', ...thresholds);
  assert.equal(code, 3);
  assert.match(stdout, /The window had no update, so the figures/);
  assert.doesNotMatch(stdout, /times (fewer|sooner|less)/);
  const failures = stderr.trimEnd().split('\n');
  assert.equal(failures.length, conditions.length);
  for (const failure of failures) assert.match(failure, /^pvw: --threshold: chat-room\/websocket\..* was not measured/);
});

test('report: a threshold on a scenario that is not in the run is refused before a file is written', async () => {
  const refused = await ask('report', 'after', '--threshold', 'ticker/sse.stale<5%', '--export-csv', 'b.csv');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^pvw: --threshold: "ticker" is not in this run; give chat-room\n$/);
  assert.ok(!existsSync(join(home, 'b.csv')) && !existsSync(join(home, 'after/report.html')));
});

test('report: --reference sets the reference of the terminal, the page and the Markdown file', async () => {
  const { code, stdout } = await ask('report', 'before', '--reference', 'sse', '--export-markdown', 'sse.md');
  assert.equal(code, 0);
  assert.match(stdout, /Short polling delivers [\d.]+ times later than SSE/);
  assert.match(readFileSync(join(home, 'sse.md'), 'utf8'), /Short polling delivers [\d.]+ times later than SSE/);
  const page = readFileSync(join(home, 'before/report.html'), 'utf8');
  assert.match(page, /<div id="verdicts" data-reference="sse">/);
  assert.match(page, /value="sse" checked/);
});

test('a reference that is unknown or was not measured is refused before anything is written', async () => {
  const unknown = await ask('report', 'after', '--reference', 'webscoket', '--export-csv', 'c.csv');
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /^pvw: --reference: .*websocket.*\n$/);
  const absent = await ask(
    'run',
    'chat-room',
    '--transport',
    'sse,websocket',
    '--reference',
    'long-polling',
    '--out',
    'absent',
  );
  assert.equal(absent.code, 2);
  assert.match(absent.stderr, /^pvw: --reference: "long-polling" is not in this run; give sse or websocket\n$/);
  assert.ok(!existsSync(join(home, 'c.csv')) && !existsSync(join(home, 'absent')));
});

test('compare: prints two runs side by side, or as JSON with --json', async () => {
  const { code, stdout, stderr } = await ask('compare', 'before', 'after');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^A {2}before\nB {2}after\n\nChat room\n[\s\S]*WebSocket\n[\s\S]*CPU\/update .* higher\n/);
  const json = JSON.parse((await ask('compare', 'before', 'after', '--json')).stdout);
  assert.deepEqual([json.a, json.b, json.scenarios[0].status, json.limits], ['before', 'after', 'compared', []]);
});

test('compare: --fail-on ends with 3 if B is worse by more, and refuses a scenario that is not in both', async () => {
  const limit = 'websocket.cpu.serving.update';
  const failed = await ask('compare', 'before', 'after', '--fail-on', `${limit}>10%`, '--fail-on', 'sse.stale>10%');
  assert.equal(failed.code, 3);
  assert.match(
    failed.stderr,
    /^pvw: --fail-on: chat-room\/websocket\.cpu\.serving\.update is more than 10% higher: A .*\n$/,
  );
  assert.equal((await ask('compare', 'before', 'after', '--fail-on', `${limit}>300%`)).code, 0);
  assert.equal((await ask('compare', 'after', 'before', '--fail-on', `${limit}>10%`)).code, 0);
  assert.match(
    (await ask('compare', 'before', 'after', '--fail-on', 'ticker/sse.stale>1%')).stderr,
    /"ticker" is not in both runs/,
  );
});

test('compare: a refusal lists differing parameters, or nothing if a run or a common scenario is missing', async () => {
  const refused = await ask('compare', 'before', 'larger');
  assert.equal(refused.code, 2);
  assert.match(refused.stdout, /- clients: A 200, B 300\n$/);
  assert.match(refused.stderr, /^pvw: compare: no scenario has the same parameters in both runs; --force .*\n$/);
  assert.equal((await ask('compare', 'before', 'larger', '--force')).code, 0);
  for (const other of ['another', 'nowhere']) {
    const { code, stdout, stderr } = await ask('compare', 'before', other);
    assert.deepEqual([code, stdout, stderr.split('\n').length], [2, '', 2]);
  }
});

test('--fail-on reads [scenario/]transport.figure>N% and refuses any other form', () => {
  const parse = limitOf('--fail-on');
  assert.deepEqual(parse('chat-room/sse.stale>7%'), {
    scenario: 'chat-room',
    transport: 'sse',
    figure: 'stale',
    worse: 0.07,
  });
  for (const text of ['sse.stale<7%', 'sse.stale>=7%', 'sse.stale>7', 'sse.stale>7ms', 'sse.stale', 'sse.cpu>7%']) {
    assert.throws(() => parse(text), UsageError, text);
  }
});
