import { z } from 'zod';

const counts = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/**
 * The last line of `verify`. `countsJson`: the counts that the test run wrote, if it finished. A step that failed
 * before the tests, or a test run that broke off, counts as one failure, because "0 failed" would look like success.
 */
export function lastLine(countsJson: string | undefined, exitCode: number): string {
  const { passed, failed, skipped } =
    countsJson === undefined
      ? { passed: 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
      : counts.parse(JSON.parse(countsJson));
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
