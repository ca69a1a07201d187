import type { TrialRecord } from '../../results/schema/schema.ts';
import type { PlannedTrial } from '../plan/plan.ts';

export const stages = ['start', 'connect', 'warm-up', 'quiet', 'measure', 'drain', 'settle'] as const;

export type Stage = (typeof stages)[number];

/** The events of a run; the command line draws them. */
export type Progress =
  | { readonly kind: 'trial-started'; readonly trial: PlannedTrial; readonly index: number; readonly total: number }
  | { readonly kind: 'stage'; readonly stage: Stage; readonly detail: string }
  | { readonly kind: 'trial-ended'; readonly record: TrialRecord; readonly index: number; readonly total: number }
  | { readonly kind: 'block-ended'; readonly block: number };
