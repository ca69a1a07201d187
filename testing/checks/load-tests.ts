import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Name of a placeholder test, which is counted only if it fails. */
export const loadingTest = 'the files of this process load';

/**
 * Loads test files into this process. node:test starts a test as soon as it is registered, and cleans up when no test
 * is left. So the first test, a placeholder, ends when all files are loaded, and fails if one cannot be.
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
