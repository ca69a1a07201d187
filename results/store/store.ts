import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import type { RunRecord, TrialRecord } from '../schema/schema.ts';
import { filesOf, writeWhole } from './files.ts';
import { claimDirectory, releaseDirectory } from './owner.ts';

/**
 * Writes a run while it goes on. Synchronous, so that a signal handler can rely on it; only called between trials, when
 * nothing is measured.
 */
export type Store = {
  readonly directory: string;
  /** One line of `trials.jsonl`, on disk when this returns. */
  readonly append: (trial: TrialRecord) => void;
  /** `endedAt` is ISO 8601. Later calls do nothing. */
  readonly finish: (status: 'completed' | 'interrupted', endedAt: string) => void;
};

/** Starts a run in a directory that `prepareDirectory` made ready. Throws system errors unchanged. */
export function createStore(directory: string, run: RunRecord): Store {
  const files = filesOf(directory);
  // run.json comes last: if it exists, the other files do.
  claimDirectory(directory);
  const trials = openSync(files.trials, 'a');
  writeRun(files.run, { ...run, status: 'running', endedAt: null });
  let finished = false;
  return {
    directory,
    append: (trial) => {
      writeFileSync(trials, `${JSON.stringify(trial)}\n`);
      fsyncSync(trials);
    },
    finish: (status, endedAt) => {
      if (finished) return;
      finished = true;
      closeSync(trials);
      writeRun(files.run, { ...run, status, endedAt });
      releaseDirectory(directory);
    },
  };
}

function writeRun(path: string, run: RunRecord): void {
  writeWhole(path, `${JSON.stringify(run, null, 2)}\n`);
}
