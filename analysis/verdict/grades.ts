/** How far above the least bytes are good, and how far they work. */
export const highest = { good: 1.25, works: 3 } as const;

/** The same limits for the busy share of a core; the rest of the core is for the application. */
export const busiest = { good: 0.25, works: 0.7 } as const;

/** The resources that are paid for freshness. */
export const resources = ['bytes', 'server-cpu'] as const;

export type Resource = (typeof resources)[number];

/**
 * Amounts so small that nobody would pay to save them, whatever the ratio: bytes per client and minute, and the share of
 * a core that all clients take together. 2 kB a minute of 10,000 clients are 2.7 Mbit/s.
 */
export const negligible: Readonly<Record<Resource, number>> = { bytes: 2_000, 'server-cpu': 0.01 };

export type Judgement = 'good' | 'works' | 'poor';

export type Limits = { readonly good: number; readonly works: number };

export function graded(value: number, limits: Limits): Judgement {
  if (value <= limits.good) return 'good';
  return value <= limits.works ? 'works' : 'poor';
}
