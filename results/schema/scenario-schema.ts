import { z } from 'zod';
import { type FieldRow, scenarioFields } from '../../scenarios/fields.ts';
import type { Arrivals, Scenario } from '../../scenarios/scenario.ts';
import { count } from './plain-schema.ts';

const arrivals = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('poisson'), perSecond: z.number() }),
  z.strictObject({ kind: z.literal('bursts'), perSecond: z.number(), size: count, gapMs: z.number() }),
  z.strictObject({ kind: z.literal('trace'), instantsMs: z.array(z.number()), lengthMs: z.number() }),
]);

const payload = z.strictObject({ kind: z.string(), bytes: count });

type RecordedPayload = z.infer<typeof payload>;

/** As a scenario, but that another version may know other kinds of payload. */
export type RecordedScenario = Omit<Scenario, 'payload' | 'inputs'> & {
  readonly payload: RecordedPayload;
  readonly inputs?: { readonly arrivals: Arrivals; readonly payload: RecordedPayload };
};

/** What a record holds for a field. No ranges: those of another version may have been wider. */
function recordOf(row: FieldRow): z.ZodType {
  switch (row.kind) {
    case 'name':
    case 'text':
      return z.string();
    case 'count':
    case 'bytes':
      return count;
    case 'rate':
    case 'milliseconds':
    case 'duration':
      return z.number();
    case 'durations':
    case 'instants':
      return z.array(z.number());
    case 'flag':
      return z.boolean();
    case 'choice':
      return z.enum(row.words);
    case 'arrivals':
      return arrivals;
    case 'payload':
      return payload;
    case 'inputs':
      return z.strictObject({ arrivals, payload });
  }
}

const fields = Object.entries(scenarioFields).map(([key, row]: readonly [string, FieldRow]) => {
  const field = recordOf(row).describe(row.help);
  return [key, row.optional ? field.optional() : field] as const;
});

const made: z.ZodType = z.strictObject(Object.fromEntries(fields));

// Made from rows, so the compiler cannot see its shape; a test parses the scenarios of the catalogue with it.
export const scenarioRecord = made as z.ZodType<RecordedScenario>;
