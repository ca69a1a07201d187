import { mistakeTexts } from '../network/nginx-mistakes.ts';
import type { TrialRecord } from '../results/schema.ts';

/** The mistake that a trial's path was given on purpose. */
function mistakeOf({ path }: Pick<TrialRecord, 'path'>): keyof typeof mistakeTexts | undefined {
  return path.route?.proxy?.mistake ?? undefined;
}

/** Whether a trial went wrong as its path was meant to show: then it is the exhibit, and no fault of the run. */
export function isExhibit(trial: TrialRecord): boolean {
  const mistake = mistakeOf(trial);
  return mistake !== undefined && mistakeTexts[mistake].hits.includes(trial.transport);
}
