import { z } from 'zod';

const counts = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/**
 * The last line of `verify`, summed over what the test runs wrote when they finished. A step that failed, or a test run
 * that broke off, counts as one failure if no test did, because "0 failed" would look like success.
 */
export function lastLine(written: readonly string[], exitCode: number): string {
  const runs = written.map((json) => counts.parse(JSON.parse(json)));
  const sum = (name: keyof z.infer<typeof counts>) => runs.reduce((total, run) => total + run[name], 0);
  const failed = sum('failed') || (exitCode === 0 ? 0 : 1);
  return `${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped`;
}
