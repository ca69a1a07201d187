import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import type { CompletedTrial, Run } from '../../results/schema/schema.ts';

/** For tests only: entry point of the command, run with or without the rights to create an isolated network. */
export const pvw = join(projectRoot, 'bin/pvw.js');

const small = ['run', 'chat-room', '--clients', '4', '--channels', '2', '--repeats', '1', '--warmup', '0'];
/** The smallest run: one trial of half a second. */
export const oneTrial = [
  ...small,
  ...['--transport', 'websocket', '--duration', '500ms', '--rate', '10', '--rtt', '4ms', '--json'],
];

/**
 * A directory for the temporary files of runs by any user. The loader's cache is linked into it, or each run would
 * compile the whole project.
 */
export function temporaryHome(prefix: string): string {
  const home = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(home, 0o777);
  const cache = `tsx-${process.getuid?.()}`;
  symlinkSync(join(tmpdir(), cache), join(home, cache));
  return home;
}

/** `code`: −1 if the program was stopped by the limit of a minute or by a signal. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end in `directory`, which also holds its temporary directories. */
export function ended(directory: string, words: readonly string[]): Promise<Ended> {
  const [command, ...given] = words;
  const env = { ...process.env, TMPDIR: directory };
  return new Promise((settle) => {
    execFile(command!, given, { cwd: directory, env, timeout: 60_000 }, (error, stdout, stderr) => {
      settle({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr });
    });
  });
}

export function trialIn({ code, stdout, stderr }: Ended): CompletedTrial {
  // Exit code 4: a busy machine may make the trial invalid, which does not matter here.
  assert.ok(code === 0 || code === 4, `${code}: ${stderr}`);
  const [record] = (JSON.parse(stdout) as Run).trials;
  assert.ok(record?.status === 'completed', stdout);
  return record;
}

/** Asserts that the network was isolated and that its packets were counted. */
export function assertCounted({ path, bytes: { packets } }: CompletedTrial): void {
  assert.equal(path.network, 'isolated');
  assert.ok(path.delay === 'netem' || path.delay === 'vxlan-relay', path.delay);
  const { down, up } = packets!.window;
  for (const direction of [down, up]) {
    assert.ok(direction.packets > 0);
    if (down.retransmittedSegments + up.retransmittedSegments === 0) {
      assert.equal(direction.headerBytes, direction.computedHeaderBytes);
    }
  }
}
