import { mistakeTexts } from '../../network/proxy/nginx-mistakes.ts';
import type { Route } from '../../network/route/route.ts';
import type { FailedTrial } from '../../results/schema/schema.ts';
import type { Crew } from '../fleet/crew.ts';

/** The mistake on a path, if any: it may be why the trial failed, so it belongs into the record. */
export function mistakeOn({ proxy }: Route): Pick<FailedTrial, 'mistake'> {
  const name = proxy?.mistake;
  return name ? { mistake: { name, symptom: mistakeTexts[name].symptom } } : {};
}

/** The reason of a trial in which bytes were still on their way after a long wait. */
export function stillMoving(withinMs: number): string {
  return `counters still move after ${withinMs} ms`;
}

/**
 * Whether a trial failed because its updates were not delivered in time, which a rate far above what the machine carries
 * brings about. Before the warm-up there are no updates, and answers that nothing explains are a fault.
 */
export function isUndelivered({ stage, reason }: Pick<FailedTrial, 'stage' | 'reason'>): boolean {
  return (stage === 'quiet' || stage === 'drain') && /^counters still move after \d+ ms$/.test(reason);
}

/** The unexplained answers that clients got, as the end of a reason; empty if there were none. */
export async function unexplained({ loads }: Crew): Promise<string> {
  const tallies = (await Promise.all(loads.map((load) => load.ask('counters')))).map(({ tally }) => tally);
  const errors = tallies.reduce((sum, tally) => sum + tally.errors, 0);
  const last = tallies.find(({ lastError }) => lastError !== '')?.lastError;
  return errors === 0 ? '' : `: ${errors} answers that nothing explains, such as: ${firstLine(last ?? '')}`;
}

/** A proxy answers errors with a whole page; its first line is enough. */
function firstLine(text: string): string {
  return text.split(/[\r\n]/)[0]!.trim();
}
