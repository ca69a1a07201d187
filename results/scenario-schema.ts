import { z } from 'zod';
import { count } from './plain-schema.ts';

const arrivals = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('poisson'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('bursts'), perSecond: z.number(), size: count, gapMs: z.number() }),
  z.strictObject({ kind: z.literal('trace'), instantsMs: z.array(z.number()), lengthMs: z.number() }),
]);

const payload = z.strictObject({ kind: z.string(), bytes: count });

export const scenarioRecord = z.strictObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  clients: count,
  channels: count,
  origin: z.enum(['server', 'client']),
  arrivals,
  payload,
  semantics: z.enum(['every', 'latest']),
  encoding: z.enum(['json', 'binary']),
  echo: z.boolean(),
  inputs: z.strictObject({ arrivals, payload }).optional(),
  pollIntervalMs: z.number(),
  pollCohortsMs: z.array(z.number()).optional().describe('short-polling clients by interval, in equal parts'),
  holdMs: z.number(),
  heartbeatMs: z.number(),
});
