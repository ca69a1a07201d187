import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';

/** What a command ended with and wrote. */
export type Told = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type AskedCommand = {
  /** One line at a time: the words after `pvw`. */
  readonly ask: (...words: readonly string[]) => Promise<Told>;
  readonly stop: () => void;
};

/** A refusal takes milliseconds, a page half a second. */
const answersWithinMs = 60_000;

/**
 * For tests only: the command without its start, which takes a second. One process in `directory` does what it is asked,
 * one line after the other; only `bin/pvw.js` is left out.
 */
export function openCommand(directory: string): AskedCommand {
  const child = fork(join(import.meta.dirname, 'command-process.ts'), [directory], {
    cwd: projectRoot,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    ask: async (...words) => {
      child.send(words);
      const [told] = await once(child, 'message', { signal: AbortSignal.timeout(answersWithinMs) });
      return told as Told;
    },
    stop: () => child.kill(),
  };
}
