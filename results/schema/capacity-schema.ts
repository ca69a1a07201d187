import { z } from 'zod';
import { count, milliseconds } from './plain-schema.ts';

const objective = z.strictObject({
  quantile: z.number().min(0).max(1).describe('the share of deliveries that has to be below the limit, such as 0.99'),
  limitMs: milliseconds,
});

/** What a run searches for, if it searches for how much a server carries. */
export const capacityPlan = z.strictObject({
  objective: objective.describe('delivery latency, intended instant to receipt'),
  over: z.enum(['clients', 'rate']).describe('what is raised; rate is updates a second in each channel'),
  least: z.number(),
  most: z.number(),
  mostBy: z.string().describe('why no more is tried'),
  searches: count.describe('of each transport, one after the other in blocks'),
  withinMs: milliseconds.describe('after which a search ends with what it has'),
});

export type Objective = z.infer<typeof objective>;
export type CapacityPlan = z.infer<typeof capacityPlan>;
