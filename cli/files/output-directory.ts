import { checkDirectory, newRunDirectory, prepareDirectory } from '../../results/store/directory.ts';
import { UnusableDirectory } from '../../results/store/errors.ts';
import { UsageError } from '../../text/usage-error.ts';
import { resultsDirectory } from './results-directory.ts';

/** Where a run goes; writes nothing. Throws `UsageError` when it could not be written or holds something else. */
export function chooseDirectory(out: string | undefined, name: string, date: Date): string {
  const directory = out ?? newRunDirectory(resultsDirectory, name, date);
  refuseUnusable(() => checkDirectory(directory));
  return directory;
}

/** Makes the directory that was chosen; a check cannot foresee every refusal of a file system. */
export function makeDirectory(directory: string): void {
  refuseUnusable(() => prepareDirectory(directory));
}

function refuseUnusable(use: () => void): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof UnusableDirectory)) throw error;
    const [what] = error.message.split(';');
    throw new UsageError(`--out: ${what}; give a new or empty directory that can be written`);
  }
}
