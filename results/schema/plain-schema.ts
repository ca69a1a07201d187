import { z } from 'zod';
import { transports } from '../../protocol/transport.ts';

/** Building blocks of all records. Field names carry the units. */
export const count = z.int().min(0);
export const milliseconds = z.number();
export const transport = z.enum(transports);

export const point = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.number())
  .describe('value of each swept axis, such as {"clients": 300}; empty if nothing is varied');

export const histogram = z
  .strictObject({
    count,
    meanMs: milliseconds,
    p50Ms: milliseconds,
    p90Ms: milliseconds,
    p95Ms: milliseconds.optional().describe('absent in older records'),
    p99Ms: milliseconds,
    maxMs: milliseconds,
    encoded: z.string().describe('HdrHistogram V2 compressed, base64, of microseconds, 3 significant digits'),
  })
  .describe('A distribution; all figures are 0 when count is 0');
