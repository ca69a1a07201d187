import { z } from 'zod';

/** What an option of `pvw run` affects. Commands suggested in a report repeat only options of the first three kinds. */
export const optionKind = z
  .enum(['link', 'route', 'trials', 'run', 'outcome'])
  .describe(
    'link: the cable between clients and servers; route: everything else on the path; trials: what is measured' +
      ' and for how long; run: profile and seed; outcome: what happens to the result',
  );

const scenarioAsked = z.union([
  z.strictObject({ name: z.string().describe('a scenario that comes with pvw') }),
  z.strictObject({
    file: z.string().describe('as it was typed'),
    names: z.array(z.string()).describe('the scenarios in it; empty if unknown, as in some runs of schema version 1'),
  }),
]);

const optionAsked = z.strictObject({
  name: z.string().describe('without its dashes'),
  kind: optionKind,
  value: z.json().optional().describe('the parsed value, true for a switch; absent in runs of schema version 1'),
  text: z.string().nullable().describe('as it was typed; null for a switch'),
});

const sourceOfValues = z.strictObject({
  scenario: z.string(),
  from: z
    .enum(['profile', 'catalogue', 'scenario file', 'option'])
    .describe(
      'scenario file: values written in it, inherited from what it extends, or left to the defaults of scenario files',
    ),
  option: z.string().optional().describe('which one, without its dashes'),
  fields: z.array(z.string()).describe('names of fields of the planned scenario; their values are in the plan'),
});

/** What a run was asked for, as data, so that no reader has to parse its command line. */
export const asked = z.strictObject({
  profile: z.strictObject({ value: z.string(), from: z.enum(['default', 'option']) }),
  scenarios: z.array(scenarioAsked).describe("in the order of the command line; empty: the profile's"),
  options: z
    .array(optionAsked)
    .describe('in the order of the command line; if only the last of several counts, only that one'),
  sources: z.array(sourceOfValues).describe('where the values of each planned scenario came from'),
});

export type OptionKind = z.infer<typeof optionKind>;
export type AskedScenario = z.infer<typeof scenarioAsked>;
export type AskedOption = z.infer<typeof optionAsked>;
export type ValueSource = z.infer<typeof sourceOfValues>;
export type AskedRecord = z.infer<typeof asked>;
