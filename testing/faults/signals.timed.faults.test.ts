import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { readRun } from '../../results/store/read-run.ts';
import { attempt } from '../../text/attempt.ts';
import { processesOf, startCommand } from '../commands/started-command.ts';

const home = mkdtempSync(join(tmpdir(), 'signals-'));
after(() => rmSync(home, { recursive: true, force: true }));

const small = ['--clients', '10', '--channels', '2', '--warmup', '0', '--network', 'loopback'];
const words = ['run', 'chat-room', ...small];
const stoppedMs = 8_000;
const endsWithinMs = 30_000;

/** A run of which the first trial has finished. */
async function started(name: string, ...more: readonly string[]) {
  return await startedWith(words, name, ...more);
}

async function startedWith(begin: readonly string[], name: string, ...more: readonly string[]) {
  const command = startCommand(home, [...begin, '--out', name, ...more]);
  await command.says(/\[ *1\/\d+\]/);
  return { ...command, run: () => readRun(join(home, name)) };
}

test('a terminal that is closed ends a run as SIGTERM does', { timeout: 120_000 }, async () => {
  const { child, ended, stderr, run, until } = await started(
    'hangup',
    '--transport',
    'sse',
    '--repeats',
    '5',
    '--duration',
    '2s',
  );
  await until(() => run().trials.length >= 1);
  const startedMs = performance.now();
  process.kill(-child.pid!, 'SIGHUP');
  assert.equal(await ended, 130);
  assert.ok(performance.now() - startedMs < endsWithinMs);
  assert.match(stderr(), /stopping; what has finished is kept/);
  assert.equal(run().record.status, 'interrupted');
  assert.ok(run().trials.length >= 1);
});

/** Longer than a stop that begins some seconds after the processes of the trial have started. */
const windowMs = 8_000;
const leastShownMs = stoppedMs / 2;

type Stopped = {
  readonly begin?: readonly string[];
  readonly path?: readonly string[];
  /** It is what is measured: its stop is in the figures. The instrument has to name itself instead. */
  readonly isMeasured?: true;
};

const proxied = ['--proxy', 'nginx', '--nodes', '2'];

const stops: Readonly<Record<string, Stopped>> = {
  server: { isMeasured: true },
  nginx: { path: proxied, isMeasured: true },
  backplane: { path: proxied, isMeasured: true },
  load: {},
  // Only where the server emits is there a source.
  source: { begin: ['run', 'ticker', ...small] },
  relay: {},
};

describe('a process that is stopped for 8 s: the trial ends in time, and says so', { concurrency: 2 }, () => {
  for (const [role, { begin = words, path = [], isMeasured }] of Object.entries(stops)) {
    test(role, { timeout: 180_000 }, async (t) => {
      const options = ['--transport', 'websocket', '--repeats', '2', '--duration', `${windowMs}ms`, '--rtt', '20ms'];
      const { child, ended, run, until } = await startedWith(begin, `stopped-${role}`, ...options, ...path);
      await until(() => run().trials.length === 1 && processesOf(child, role).length > 0);
      await sleep(windowMs / 2);
      // All of them: a worker of NGINX, not its master, passes bytes on.
      const pids = processesOf(child, role);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      const startedMs = performance.now();
      const code = await Promise.all([ended, sleep(stoppedMs).then(() => goOn(pids))]).then(([code]) => code);
      const tookMs = performance.now() - startedMs;
      assert.ok(tookMs < endsWithinMs, `it ended after ${tookMs} ms`);
      assert.ok(code === 0 || code === 4, `exit code ${code}`);
      const { record, trials } = run();
      assert.deepEqual([record.status, trials.length], ['completed', 2]);
      const said = saidOf(trials[1]!);
      t.diagnostic(said.join('; '));
      if (isMeasured) assertShown(trials[1]!);
      else assert.ok(trials[1]!.status === 'failed' || isNamed(said, role), said.join('; '));
    });
  }
});

function goOn(pids: readonly number[]): void {
  // The trial may have given up meanwhile, and ended them.
  for (const pid of pids) attempt(() => process.kill(pid, 'SIGCONT'));
}

function saidOf(trial: TrialRecord): readonly string[] {
  if (trial.status === 'failed') return [`${trial.stage}: ${trial.reason}`];
  return [`max ${trial.latency.delivery.maxMs} ms`, ...trialWarnings(trial).map(({ text }) => text)];
}

function isNamed(said: readonly string[], role: string): boolean {
  return said.some((text) => text.includes(role) && text.includes('stood still'));
}

/** Asserts that the longest delivery contains the stop, or that the trial failed and says where and why. */
function assertShown(trial: TrialRecord): void {
  if (trial.status === 'failed') {
    assert.match(`${trial.stage}: ${trial.reason}`, /^[a-z-]+: .*\S/);
    return;
  }
  const { maxMs } = trial.latency.delivery;
  assert.ok(maxMs > leastShownMs, `the longest delivery took ${maxMs} ms`);
}

test('a run whose reader leaves goes on and is whole', { timeout: 120_000 }, async () => {
  const { child, ended, run } = await started('no-reader', '--transport', 'sse', '--repeats', '2', '--duration', '1s');
  child.stderr!.destroy();
  child.stdout!.destroy();
  const code = await ended;
  assert.ok(code === 0 || code === 4, `exit code ${code}`);
  assert.equal(run().record.status, 'completed');
  assert.equal(run().trials.length, 2);
});
