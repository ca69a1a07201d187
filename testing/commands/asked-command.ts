import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';

/** Exit code and output of one command line. */
export type Told = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type AskedCommand = {
  /** Runs one command line at a time: the words after `pvw`. */
  readonly ask: (...words: readonly string[]) => Promise<Told>;
  readonly stop: () => void;
};

/** Limit for a command that hangs: a refusal takes milliseconds, a page half a second. */
const answersWithinMs = 60_000;

/**
 * For tests only: runs command lines without the start of the command, which takes a second. One process in `directory`
 * runs them one after the other; only `bin/pvw.js` is left out.
 */
export function openCommand(directory: string): AskedCommand {
  const child = fork(join(import.meta.dirname, 'command-process.ts'), [directory], {
    cwd: projectRoot,
    execArgv: ['--import', 'tsx'],
    // Not `ignore`: what is printed to a device bypasses `process.stdout.write`.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.resume();
  return {
    ask: async (...words) => {
      child.send(words);
      const [told] = await once(child, 'message', { signal: AbortSignal.timeout(answersWithinMs) });
      return told as Told;
    },
    stop: () => child.kill(),
  };
}
