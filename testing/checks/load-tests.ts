import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Name of a placeholder test, which is not counted. */
export const loadingTest = 'the files of this process load';

/**
 * Loads test files into this process. Tests begin as soon as they are known, and when none is left the process is
 * cleaned up; so the first of them ends when all files are there, and fails when one could not be loaded.
 */
export async function loadTests(files: readonly string[]): Promise<void> {
  let end: (failures: readonly Error[]) => void = () => {};
  const loaded = new Promise<readonly Error[]>((resolve) => {
    end = resolve;
  });
  test(loadingTest, async () => {
    const failures = await loaded;
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
  });
  const failures: Error[] = [];
  for (const file of files) {
    await import(pathToFileURL(file).href).catch((cause: unknown) => {
      failures.push(new Error(`${file} cannot be loaded`, { cause }));
    });
  }
  end(failures);
}
