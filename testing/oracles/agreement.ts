import { agrees, type Comparison, comparePercentiles, type Expectation } from './expectation.ts';
import type { OracleResult } from './oracle-trial.ts';

const attempts = 3;

type Judged = { readonly result: OracleResult; readonly truth: Expectation };

/** A trial with its percentiles beside the computed ones, and those of them that do not agree. */
export type Agreement<T> = {
  readonly trial: T;
  readonly compared: readonly Comparison[];
  readonly wrong: readonly Comparison[];
};

/**
 * Runs a trial, and runs it again while a percentile disagrees with the truth: three times in all. The truth assumes a
 * machine that does nothing else, and a busy one delays everything. So the last attempt gets room for how late the
 * source of its trial was, which no oracle affects: twice, because the path from it to a client is delayed as well.
 */
export async function untilAgreed<T extends Judged>(
  run: () => Promise<T>,
  percentiles: readonly number[],
  say: (text: string) => void,
): Promise<Agreement<T>> {
  for (let attempt = 1; ; attempt++) {
    const trial = await run();
    const { p99Ms } = trial.result.record.lateness.source;
    const roomMs = attempt < attempts ? 0 : 2 * p99Ms;
    const compared = comparePercentiles(trial.truth, trial.result, percentiles);
    const wrong = compared.filter((each) => !agrees(each, roomMs));
    const late = `the source was ${p99Ms.toFixed(1)} ms late at the 99th percentile`;
    say(`attempt ${attempt}: ${wrong.length} of ${percentiles.length} percentiles disagree; ${late}`);
    if (wrong.length === 0 || attempt === attempts) return { trial, compared, wrong };
  }
}

/** What a test prints of each percentile. */
export function shown({ percentile, truthMs, reportedMs }: Comparison): string {
  return `p${percentile}: ${truthMs.toFixed(1)} ms computed, ${reportedMs.toFixed(1)} ms reported`;
}
