import { mkdirSync, writeFileSync } from 'node:fs';
import { filesOf } from '../../results/store/files.ts';
import { syntheticRun } from '../synthetic/synthetic.ts';

/** For tests only: writes a synthetic run as a finished one is on disk. */
export function writeSyntheticRun(directory: string): void {
  const { record, trials } = syntheticRun({ repeats: 3 });
  mkdirSync(directory, { recursive: true });
  const files = filesOf(directory);
  writeFileSync(files.run, JSON.stringify(record));
  writeFileSync(files.trials, trials.map((trial) => `${JSON.stringify(trial)}\n`).join(''));
}
