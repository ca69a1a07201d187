import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIds, workingDirectory } from '../network/working-directory.ts';
import { readRun } from '../results/read-run.ts';
import { findCommand } from './system-tools.ts';

/** Paths through NGINX as they are asked for on the command line. */
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = findCommand('nginx') === undefined && !required && 'nginx is missing: install nginx-light';
const pvw = resolve(import.meta.dirname, '../bin/pvw.js');
const home = mkdtempSync(join(tmpdir(), 'pvw-proxied-'));
after(() => rmSync(home, { recursive: true }));

const short = ['run', 'chat-room', '--proxy', 'nginx', '--clients', '10', '--channels', '2', '--repeats', '1'];
const quick = [...short, '--warmup', '0', '--rtt', '0', '--network', 'loopback'];

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [pvw, ...args], { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  return { child, said: () => said, ended: new Promise<number | null>((ended) => child.once('close', ended)) };
}

/** Processes of NGINX run in a directory that is named after the process id of the command. */
function nginxOf(pid: number): readonly number[] {
  return processIds().filter((each) => workingDirectory(each)?.includes(`/pvw-${pid}-`));
}

test('--proxy nginx: the record tells of it, and its configuration is kept beside the records', { skip }, async () => {
  const { child, ended, said } = start([...quick, '--transport', 'websocket', '--duration', '1s', '--out', 'good']);
  const code = await ended;
  assert.ok(code === 0 || code === 4, `${code}: ${said()}`);
  const { trials } = readRun(join(home, 'good'));
  assert.ok(trials[0]!.status === 'completed', JSON.stringify(trials[0]));
  assert.deepEqual(trials[0]!.ledger.faults, []);
  const kept = readFileSync(join(home, 'good/nginx/nginx-2-nodes.conf'), 'utf8');
  assert.equal(kept, trials[0]!.proxy!.configuration);
  assert.deepEqual(nginxOf(child.pid!), []);
});

test('--mistake: a trial that shows it fails with the symptom, which is what the run is for; its configuration is kept', {
  skip,
}, async () => {
  const mistake = ['--mistake', 'no-upgrade-headers', '--transport', 'websocket', '--duration', '1s', '--out', 'wrong'];
  const { ended, said } = start([...quick, ...mistake]);
  assert.equal(await ended, 0, said());
  assert.match(said(), /failed .*answered with 4\d\d.*The mistake no-upgrade-headers/);
  assert.match(readFileSync(join(home, 'wrong/nginx/nginx-2-nodes-no-upgrade-headers.conf'), 'utf8'), /THE MISTAKE/);
  assert.ok(existsSync(join(home, 'wrong/report.html')));
});

test('--storm: the record tells how everyone came back', { skip }, async () => {
  const storm = ['--storm', 'node-killed', '--transport', 'websocket', '--duration', '3s', '--out', 'storm'];
  const { ended, said } = start([...quick, ...storm]);
  const code = await ended;
  assert.ok(code === 0 || code === 4, `${code}: ${said()}`);
  const { record, trials } = readRun(join(home, 'storm'));
  assert.equal(record.plan.storm, 'node-killed');
  assert.ok(trials[0]!.status === 'completed', JSON.stringify(trials[0]));
  assert.deepEqual(trials[0]!.ledger.faults, []);
  assert.equal(trials[0]!.storm!.kind, 'node-killed');
});

for (const signal of ['SIGKILL', 'SIGINT'] as const) {
  test(`${signal} while NGINX runs: nothing of it is left`, { skip }, async () => {
    const { child, ended, said } = start([
      ...quick,
      '--transport',
      'sse',
      '--duration',
      '20s',
      '--out',
      `stop-${signal}`,
    ]);
    const deadline = performance.now() + 20_000;
    while (nginxOf(child.pid!).length < 2) {
      assert.ok(performance.now() < deadline, said());
      await sleep(20);
    }
    await sleep(300);
    child.kill(signal);
    await ended;
    for (const endedMs = performance.now(); nginxOf(child.pid!).length > 0; await sleep(20)) {
      assert.ok(performance.now() - endedMs < 3_000, 'it is gone');
    }
  });
}
