import { manyReplaced } from '../comparison/tolerance.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';

/** How far above the least bytes are good, and how far they work. */
export const highest = { good: 1.25, works: 3 } as const;

/** The same limits for the busy share of a core; the rest of the core is for the application. */
export const busiest = { good: 0.25, works: 0.7 } as const;

/** The resources that are paid for freshness. */
export const resources = ['bytes', 'server-cpu'] as const;

export type Resource = (typeof resources)[number];

/**
 * Amounts too small to pay for, whatever the ratio: bytes per client and minute, and cores per
 * 1,000 clients. 10,000 clients take 2.7 Mbit/s and a fifth of a core then.
 */
export const negligible: Readonly<Record<Resource, number>> = { bytes: 2_000, 'server-cpu': 0.02 };

export type Judgement = 'good' | 'works' | 'poor';

export type Limits = { readonly good: number; readonly works: number };

export function graded(value: number, limits: Limits): Judgement {
  if (value <= limits.good) return 'good';
  return value <= limits.works ? 'works' : 'poor';
}

/** Whether a transport delivers something else than one that brings every update. */
export function replacesMany({ medians }: TransportAnalysis, limit: number = manyReplaced): boolean {
  return (medians.conflated ?? 0) > limit;
}
