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
  serverCpus: z
    .number()
    .positive()
    .optional()
    .describe('how many CPUs servers and proxy may use together, such as 0.5; absent: all of their cores'),
});

/** The ceiling of a polling endpoint: clients of autocannon that ask again as soon as they are answered. */
export const closedLoop = z.strictObject({
  connections: count,
  seconds: z.number(),
  requestsPerSecond: z.number(),
  failed: count.describe('errors, timeouts and answers other than 2xx'),
  serverCpuMs: milliseconds.describe('of the servers, meanwhile'),
});

export type ClosedLoopRecord = z.infer<typeof closedLoop>;
export type Objective = z.infer<typeof objective>;
export type CapacityPlan = z.infer<typeof capacityPlan>;
