import { z } from 'zod';
import { plainText } from '../report/plain-text.ts';
import { scenarios } from '../scenarios/catalogue.ts';
import { payloadKinds } from '../scenarios/scenario.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { ranges } from './ranges.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a scenario file may say. The message of every check completes "give …", so that one function can write all
 * complaints. Only the command line imports this: zod costs start-up, which processes that are measured must not pay.
 */
const longest = { name: 64, title: 120, summary: 500, path: 4096 } as const;

/** Shortest and longest gap within a burst, and the longest burst, in milliseconds. */
const burstGapMs = [0, 10_000] as const;
export const longestBurstMs = 60_000;
const largestBurst = 10_000;

const longestTraceMs = 24 * 60 * 60 * 1000;
const mostInstants = 100_000;

const nameAllowed = `1 to ${longest.name} lower-case letters and digits in words joined by single hyphens`;

function wholeNumber([min, max]: readonly [number, number]) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

function decimal([min, max]: readonly [number, number]) {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

function duration([minMs, maxMs]: readonly [number, number]) {
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

/** Line breaks are spaces, as in a folded YAML text; what hides, reorders or controls is refused. */
export function onOneLine(text: string): string {
  return text.replace(/[^\S\u00a0]+/g, ' ').trim();
}

function text(max: number, what = '') {
  const error = `1 to ${max} characters${what}, without control characters or marks that hide or reorder text`;
  return z
    .string({ error })
    .min(1, { error, abort: true })
    .max(max, { error, abort: true })
    .refine((value) => onOneLine(value) !== '' && plainText(onOneLine(value)) === onOneLine(value), { error });
}

function mapping(fields: string) {
  return { error: `fields: ${fields}` } as const;
}

const perSecond = decimal(ranges.perSecond).describe('mean rate in each channel, or of each client for inputs');

const arrivals = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('constant'), perSecond }),
      z.strictObject({ kind: z.literal('poisson'), perSecond }),
      z.strictObject({
        kind: z.literal('bursts'),
        perSecond: perSecond.describe('bursts per second, each of `size` updates'),
        size: wholeNumber([1, largestBurst]),
        gap: duration(burstGapMs).describe('between two updates of a burst'),
      }),
      z.strictObject({
        kind: z.literal('trace'),
        file: text(longest.path, ' of a path').optional().describe('one instant in ms per line; relative to this file'),
        instantsMs: z
          .array(decimal([0, longestTraceMs]), { error: 'a list of numbers' })
          .min(1, { error: '1 to 100000 numbers' })
          .max(mostInstants, { error: '1 to 100000 numbers' })
          .optional()
          .describe('instead of file: milliseconds from the start, none earlier than the one before'),
        lengthMs: decimal([0.001, 2 * longestTraceMs])
          .optional()
          .describe('with instantsMs: when the trace begins again'),
      }),
    ],
    mapping('kind and what belongs to it'),
  )
  .describe('when updates happen');

const payload = z
  .strictObject(
    {
      kind: z.enum(payloadKinds).describe('what the bytes look like'),
      bytes: wholeNumber(ranges.payloadBytes).describe('of each update, encoding and headers not counted'),
    },
    mapping('kind and bytes'),
  )
  .describe('what an update carries');

const flag = { error: 'true or false' } as const;

/** A scenario as people write it. `name` is always needed; `clients`, `arrivals`, `payload` unless `extends` has them. */
export const scenarioForm = z.strictObject(
  {
    name: z
      .string({ error: nameAllowed })
      .max(longest.name, { error: nameAllowed })
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: nameAllowed })
      .describe('names it in results; no built-in scenario may have it'),
    extends: z
      .enum(scenarios.map(({ name }) => name))
      .optional()
      .describe('the built-in scenario that what is left out comes from'),
    title: text(longest.title).optional().describe('heading in the report (default: the name)'),
    summary: text(longest.summary).optional().describe('one or two sentences for the reader of the report'),
    clients: wholeNumber(ranges.clients).optional().describe('in all'),
    channels: wholeNumber(ranges.channels)
      .optional()
      .describe('independent streams the clients spread over (default: 1)'),
    origin: z.enum(['server', 'client']).optional().describe('who makes the updates (default: server)'),
    arrivals: arrivals.optional(),
    payload: payload.optional(),
    semantics: z
      .enum(['every', 'latest'])
      .optional()
      .describe('every: all updates arrive, in order (default); latest: a newer one replaces an older one'),
    encoding: z.enum(['json', 'binary']).optional().describe('of an update (default: json)'),
    echo: z.boolean(flag).optional().describe('whether a publisher gets its own update (default: false)'),
    inputs: z
      .strictObject({ arrivals, payload }, mapping('arrivals and payload'))
      .nullable()
      .optional()
      .describe('messages of each client that the server consumes and nobody receives (default: none)'),
    pollInterval: duration(ranges.pollIntervalMs).optional().describe('short polling asks this often (default: 1s)'),
    pollCohorts: z
      .array(duration(ranges.pollIntervalMs))
      .min(2)
      .max(20)
      .refine((all) => new Set(all).size === all.length, { error: 'each interval once' })
      .optional()
      .describe('short-polling clients in equal parts, one for each interval, instead of one pollInterval for all'),
    hold: duration(ranges.holdMs).optional().describe('long polling holds a request this long at most (default: 25s)'),
    heartbeat: duration(ranges.heartbeatMs).optional().describe('WebSocket pings, SSE comments (default: 25s)'),
    duration: duration(ranges.durationMs).optional().describe("measured window of a trial (default: the profile's)"),
    warmup: duration(ranges.warmupMs).optional().describe("before the window (default: the profile's)"),
    repeats: wholeNumber(ranges.repeats).optional().describe("trials for each transport (default: the profile's)"),
  },
  { error: 'fields such as name, clients, arrivals and payload' },
);

export type ScenarioForm = z.infer<typeof scenarioForm>;
export type ArrivalsForm = z.infer<typeof arrivals>;

/** Without `extends` nothing can stand in for these. */
export const neededFields = ['clients', 'arrivals', 'payload'] as const;

/** The fields that may stand at a place of the form, for "give …" and "did you mean". */
export function fieldsAt(path: readonly PropertyKey[], kind: unknown): readonly string[] {
  switch (path.at(-1)) {
    case 'arrivals': {
      const option = arrivals.options.find((candidate) => candidate.shape.kind.value === kind);
      return Object.keys((option ?? arrivals.options[0]).shape);
    }
    case 'payload':
      return Object.keys(payload.shape);
    case 'inputs':
      return ['arrivals', 'payload'];
    default:
      return Object.keys(scenarioForm.shape);
  }
}

/** JSON Schema (2020-12) of a scenario file, for editors. */
export function scenarioJsonSchema(): object {
  const complete = [{ required: ['extends'] }, { required: [...neededFields] }];
  return { ...z.toJSONSchema(scenarioForm), title: 'pvw scenario', anyOf: complete };
}
