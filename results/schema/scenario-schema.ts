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

type RecordedMessages = { readonly arrivals: Arrivals; readonly payload: RecordedPayload };

/**
 * A scenario as recorded. Its payload kind is any string, because another version may have had kinds that this one does
 * not know.
 */
export type RecordedScenario = Omit<Scenario, 'payload' | 'inputs' | 'broadcast'> & {
  readonly payload: RecordedPayload;
  readonly inputs?: RecordedMessages;
  readonly broadcast?: RecordedMessages;
};

/** The schema of one recorded field. No ranges: another version may have allowed wider ones. */
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
    case 'messages':
      return z.strictObject({ arrivals, payload });
  }
}

const fields = Object.entries(scenarioFields).map(([key, row]: readonly [string, FieldRow]) => {
  const field = recordOf(row).describe(row.help);
  return [key, row.optional ? field.optional() : field] as const;
});

const made: z.ZodType = z.strictObject(Object.fromEntries(fields));

// The compiler cannot see the shape of a schema built from rows. A test parses every scenario of the catalogue with it.
export const scenarioRecord = made as z.ZodType<RecordedScenario>;
