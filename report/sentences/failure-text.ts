import type { FailedTrial } from '../../results/schema/schema.ts';

/** Why a trial failed, and the symptom of the mistake on its path if there is one. */
export function failureReason({ reason, mistake }: Pick<FailedTrial, 'reason' | 'mistake'>): string {
  return mistake ? `${reason}. The mistake ${mistake.name}: ${mistake.symptom}` : reason;
}
