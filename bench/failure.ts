import { mistakeTexts } from '../network/nginx-mistakes.ts';
import type { Route } from '../network/route.ts';
import type { Crew } from './crew.ts';

/** A path that was made wrong on purpose is expected to fail: what is wrong with it belongs to the reason. */
export function withSymptom(reason: string, { proxy }: Route): string {
  if (!proxy?.mistake) return reason;
  return `${reason}. The mistake ${proxy.mistake}: ${mistakeTexts[proxy.mistake].symptom}`;
}

/** What clients were told meanwhile that no contract explains; empty where there was nothing. */
export async function unexplained({ loads }: Crew): Promise<string> {
  const tallies = (await Promise.all(loads.map((load) => load.ask('counters')))).map(({ tally }) => tally);
  const errors = tallies.reduce((sum, tally) => sum + tally.errors, 0);
  const last = tallies.find(({ lastError }) => lastError !== '')?.lastError;
  return errors === 0 ? '' : `: ${errors} answers that nothing explains, such as: ${firstLine(last ?? '')}`;
}

/** A proxy explains itself by a page. */
function firstLine(text: string): string {
  return text.split(/[\r\n]/)[0]!.trim();
}
