import { z } from 'zod';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import { readableText } from '../../text/form-text.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { InstantsRow, Range } from '../field.ts';
import { arrivalsFields, type FieldRow, payloadFields, scenarioFields } from '../fields.ts';

/**
 * Zod schemas of the fields in a scenario file, by kind of row. Each check's message completes "give …", so one
 * function can format all errors. Only the command line may import this: loading zod takes start-up time that measured
 * processes must not spend.
 */

const longestPath = 4096;

function wholeNumber([min, max]: Range) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

function decimal([min, max]: Range) {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function duration([minMs, maxMs]: Range) {
  const error = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 250ms, 2s or 5m`;
  return z
    .string({ error })
    .regex(/^(0|\d{1,9}(\.\d{1,6})?(ms|s|m))$/, { error, abort: true })
    .refine((text) => isDuration(text, minMs, maxMs), { error });
}

function isDuration(text: string, minMs: number, maxMs: number): boolean {
  try {
    return parseDuration('', text, minMs, maxMs) >= minMs;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

function mapping(fields: string) {
  return { error: `fields: ${fields}` } as const;
}

const { bursts, trace } = arrivalsFields;
const perSecond = rate(arrivalsFields.poisson.perSecond);

function rate({ range, help }: { readonly range: Range; readonly help: string }) {
  return decimal(range).describe(help);
}

function instants({ range, length: [least, most] }: InstantsRow) {
  const error = `${least} to ${most} numbers`;
  return z.array(decimal(range), { error: 'a list of numbers' }).min(least, { error }).max(most, { error });
}

/** Differs from `Arrivals` in that a gap has a unit and instants may be in a file. */
export const arrivals = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('constant'), perSecond }),
      z.strictObject({ kind: z.literal('poisson'), perSecond }),
      z.strictObject({
        kind: z.literal('bursts'),
        perSecond: rate(bursts.perSecond),
        size: wholeNumber(bursts.size.range).describe(bursts.size.help),
        gap: duration(bursts.gapMs.range).describe(bursts.gapMs.help),
      }),
      z.strictObject({
        kind: z.literal('trace'),
        file: readableText(longestPath, ' of a path')
          .optional()
          .describe('one instant in ms per line; relative to this file'),
        instantsMs: instants(trace.instantsMs).optional().describe(trace.instantsMs.help),
        lengthMs: rate(trace.lengthMs).optional(),
      }),
    ],
    mapping('kind and what belongs to it'),
  )
  .describe(scenarioFields.arrivals.help);

export const payload = z
  .strictObject(
    {
      kind: z.enum(payloadFields.kind.words).describe(payloadFields.kind.help),
      bytes: wholeNumber(payloadFields.bytes.range).describe(payloadFields.bytes.help),
    },
    mapping('kind and bytes'),
  )
  .describe(scenarioFields.payload.help);

export const messages = z.strictObject({ arrivals, payload }, mapping('arrivals and payload'));

function name(longest: number) {
  const error = `1 to ${longest} lower-case letters and digits in words joined by single hyphens`;
  return z
    .string({ error })
    .max(longest, { error })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error });
}

function durations(range: Range, [least, most]: Range) {
  return z
    .array(duration(range))
    .min(least)
    .max(most)
    .refine((all) => new Set(all).size === all.length, { error: 'each interval once' });
}

/** The schema of a field's value in a file. */
export function formOf(row: FieldRow): z.ZodType {
  switch (row.kind) {
    case 'name':
      return name(row.longest);
    case 'text':
      return readableText(row.longest);
    case 'count':
    case 'bytes':
      return wholeNumber(row.range);
    case 'rate':
    case 'milliseconds':
      return decimal(row.range);
    case 'duration':
      return duration(row.range);
    case 'durations':
      return durations(row.range, row.length);
    case 'instants':
      return instants(row);
    case 'flag':
      return z.boolean({ error: 'true or false' });
    case 'choice':
      return z.enum(row.words);
    case 'arrivals':
      return arrivals;
    case 'payload':
      return payload;
    case 'messages':
      return messages.nullable();
  }
}

export type ArrivalsForm = z.infer<typeof arrivals>;
export type MessagesForm = z.infer<typeof messages>;
