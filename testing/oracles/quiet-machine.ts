import type { OracleResult } from './oracle-trial.ts';

/** The computed truth assumes an idle machine: the 99th percentile of the source's lateness must not exceed this. */
const latestMs = 2;
const attempts = 3;

/** The 99th percentile of the source's lateness in milliseconds if the machine was too busy to measure; otherwise 0. */
export function sourceLateMs({ record }: OracleResult): number {
  const { p99Ms } = record.lateness.source;
  return p99Ms > latestMs ? p99Ms : 0;
}

/**
 * Runs trials, and runs them again while the machine is too busy to measure: three times in all. The source's lateness
 * decides, which no oracle affects, never the figures under test.
 */
export async function onQuietMachine<T extends { readonly result: OracleResult }>(
  run: () => Promise<readonly T[]>,
  say: (text: string) => void,
): Promise<readonly T[]> {
  for (let attempt = 1; ; attempt++) {
    const trials = await run();
    const lateMs = Math.max(...trials.map(({ result }) => result.record.lateness.source.p99Ms));
    if (lateMs <= latestMs) return trials;
    const last = attempt === attempts;
    say(
      `the source was ${lateMs.toFixed(1)} ms late at the 99th percentile, the machine is busy: ` +
        (last ? 'judged with that much more room' : 'measured again'),
    );
    if (last) return trials;
  }
}
