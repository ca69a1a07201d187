import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { readRun } from '../../results/store/read-run.ts';

const pvw = join(projectRoot, 'bin/pvw.js');

/** The words of the real command, under a Node.js at `node`. */
export function commandLine(words: readonly string[], node = process.execPath): readonly string[] {
  return [node, pvw, ...words];
}

/** The words of a small run that writes to `out`. */
export function smallRun(out: string): readonly string[] {
  const size = ['--clients', '10', '--channels', '2', '--repeats', '1', '--warmup', '0s', '--duration', '1s'];
  return ['run', 'chat-room', ...size, '--transport', 'sse', '--network', 'loopback', '--out', out];
}

/** `code`: −1 if the limit of time or a signal ended it. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type Surroundings = { readonly cwd: string; readonly env?: NodeJS.ProcessEnv };

/**
 * Longer than the limit that a trial sets itself, which names what hangs. On a busy host, one core that other tests work
 * on too has needed more than two minutes for a trial of one second.
 */
const endsWithinMs = 400_000;
/** Milliseconds, for a test that runs one program after another. */
export const severalEndWithinMs = 550_000;

/** Runs a program to its end. `env` is added to the environment of the test. */
export function endOf([command, ...args]: readonly string[], { cwd, env }: Surroundings): Promise<Ended> {
  const all = { ...process.env, PVW_SHARE_MACHINE: '1', ...env };
  const limits = { timeout: endsWithinMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
  return new Promise((settle) => {
    execFile(command!, args, { cwd, env: all, ...limits }, (error, stdout, stderr) => {
      settle({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr });
    });
  });
}

/** The program after a script of bash that arranges its surroundings. */
export function afterScript(script: string, words: readonly string[]): readonly string[] {
  return ['bash', '-c', `${script}\nexec "$0" "$@"`, ...words];
}

/** The same in a mount namespace of its own, which ends with the program. Needs root. */
export function afterMounts(script: string, words: readonly string[]): readonly string[] {
  return ['unshare', '-m', ...afterScript(`set -e\n${script}`, words)];
}

/** Asserts that a run went to its end, whatever the machine did to its figures. */
export function assertRan({ code, stdout, stderr }: Ended, out: string): void {
  assert.ok(code === 0 || code === 4, `exit code ${code}: ${stderr}`);
  assertNoTrace(stderr);
  assert.match(stdout, /Report: file:/);
  const { record, trials } = readRun(out);
  const failures = trials.map((trial) => (trial.status === 'failed' ? trial.reason : 'completed'));
  assert.deepEqual([record.status, failures], ['completed', ['completed']]);
}

/** Asserts that the command ended with one line which says why. */
export function assertRefused({ code, stderr }: Ended, why: RegExp): void {
  assert.equal(code, 2, `exit code ${code}: ${stderr}`);
  assertNoTrace(stderr);
  const lines = stderr.trimEnd().split('\n');
  assert.equal(lines.filter((line) => line.startsWith('pvw: ')).length, 1, stderr);
  assert.match(lines.at(-1)!, /^pvw: /);
  assert.match(lines.at(-1)!, why);
}

function assertNoTrace(stderr: string): void {
  assert.doesNotMatch(stderr, /^ +at |internal error|^node:|^Node\.js v/m);
}
