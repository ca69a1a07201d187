import { z } from 'zod';

/** What an option of `pvw run` is about. Advice in a report repeats those of the first three kinds, and leaves out the others. */
export const optionKind = z
  .enum(['link', 'route', 'trials', 'run', 'outcome'])
  .describe(
    'link: the cable between clients and servers; route: what lies on the path beside it; trials: what is measured and for how long; ' +
      'run: its profile and seed; outcome: what becomes of the result',
  );

const scenarioAsked = z.union([
  z.strictObject({ name: z.string().describe('one that comes with pvw') }),
  z.strictObject({
    file: z.string().describe('as it was typed'),
    names: z
      .array(z.string())
      .describe('the scenarios that were in it; empty: not known, as in runs of schema version 1'),
  }),
]);

const optionAsked = z.strictObject({
  name: z.string().describe('without its dashes'),
  kind: optionKind,
  value: z.json().optional().describe('as it was understood, true for a switch; absent in runs of schema version 1'),
  text: z.string().nullable().describe('as it was typed; null for a switch'),
});

const sourceOfValues = z.strictObject({
  scenario: z.string(),
  from: z
    .enum(['profile', 'catalogue', 'scenario file', 'option'])
    .describe('scenario file: what it says, what it extends, and what it leaves to the defaults of scenario files'),
  option: z.string().optional().describe('which one, without its dashes'),
  fields: z.array(z.string()).describe('of the planned scenario; their values are in the plan'),
});

/** What a run was asked for, as data: nothing has to be read out of the words of its command. */
export const asked = z.strictObject({
  profile: z.strictObject({ value: z.string(), from: z.enum(['default', 'option']) }),
  scenarios: z.array(scenarioAsked).describe("in the order of the command line; empty: the profile's"),
  options: z
    .array(optionAsked)
    .describe('in the order of the command line; where only the last of several counts, it alone is here'),
  sources: z.array(sourceOfValues).describe('where the values of each planned scenario came from'),
});

export type OptionKind = z.infer<typeof optionKind>;
export type AskedScenario = z.infer<typeof scenarioAsked>;
export type AskedOption = z.infer<typeof optionAsked>;
export type ValueSource = z.infer<typeof sourceOfValues>;
export type AskedRecord = z.infer<typeof asked>;
