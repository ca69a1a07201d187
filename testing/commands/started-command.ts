import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../machine/host/project-root.ts';
import { processIds, workingDirectory } from '../../machine/host/working-directory.ts';

const pvw = join(projectRoot, 'bin/pvw.js');

/** The smallest kind of run: ten clients in two channels, one repeat without warm-up. */
export const shortRun = ['run', 'chat-room', '--clients', '10', '--channels', '2', '--repeats', '1', '--warmup', '0'];

export type StartedCommand = {
  readonly child: ChildProcess;
  /** The exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once the condition holds. Rejects with the text of stderr if the command ends before, or after a minute. */
  readonly until: (holds: () => boolean) => Promise<void>;
  /** Resolves once stderr matches the pattern; rejects like `until`. */
  readonly says: (pattern: RegExp) => Promise<void>;
};

/** Limit for a command that hangs: a trial starts within seconds, on a busy machine within tens of seconds. */
const startsWithinMs = 60_000;

/** For tests only: starts the command in `directory` as a user would. */
export function startCommand(directory: string, words: readonly string[]): StartedCommand {
  // A process group of its own, as a shell gives it, so that a signal reaches the whole command and never the test.
  const child = spawn(process.execPath, [pvw, ...words], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  let how: string | undefined;
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code, signal) => {
      how = signal ?? `exit code ${code}`;
      resolve(code);
    });
  });
  const untilHolds = async (holds: () => boolean) => {
    await until(() => {
      const over = how !== undefined;
      // Evaluated once: processes start and end, so what held may soon not hold.
      if (holds()) return true;
      if (over) assert.fail(`the command ended first (${how}): ${text.stderr}`);
      return false;
    }, startsWithinMs);
  };
  return {
    child,
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    until: untilHolds,
    says: (pattern) => untilHolds(() => pattern.test(text.stderr)),
  };
}

/**
 * Measured processes of one command. Their programs lie in a directory that is named after the command's process id. Of
 * NGINX, master and workers are known by their working directory alone, and only where the role is `nginx`.
 */
export function processesOf({ pid }: ChildProcess, role = ''): readonly number[] {
  const own = `/pvw-${pid}-`;
  if (role !== 'nginx') {
    return processIds().filter((id) => commandLine(id).includes(own) && commandLine(id).includes(`/${role}`));
  }
  return processIds().filter((id) => {
    const directory = workingDirectory(id) ?? '';
    return directory.includes(own) && directory.includes('/nginx-');
  });
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until the condition holds. Fails after a limit that even a busy machine does not need. */
export async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const startedMs = performance.now();
  while (!holds()) {
    if (performance.now() - startedMs > withinMs) assert.fail(`not within ${withinMs} ms: ${holds}`);
    await sleep(20);
  }
}
