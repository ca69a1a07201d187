/**
 * The terms of the CPU time of serving, in the order of their coefficients: a fixed part, then one for each unit of work.
 * Without zod, because pages use it too.
 */
export const costTerms = [
  'fixed',
  'clients',
  'wakeUps',
  'updates',
  'requests',
  'deliveries',
  'firstDeliveries',
  'bytes',
  'publishes',
] as const;

export type CostTerm = (typeof costTerms)[number];
