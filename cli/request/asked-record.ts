import type { Plan } from '../../bench/plan/plan.ts';
import type { AskedOption, AskedRecord, AskedScenario, ValueSource } from '../../results/schema/asked-schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { flagOf, optionName } from '../options/declaration.ts';
import type { PlannedField, RunDeclarations } from '../options/run-declaration.ts';
import type { TypedOption } from '../options/run-options.ts';
import type { Asked } from './scenario-arguments.ts';

type Given = {
  readonly asked: readonly Asked[];
  readonly typed: readonly TypedOption[];
  readonly plan: Plan;
  /** The options of the verb. */
  readonly declared: RunDeclarations;
};

/** What a run was asked for, as its record keeps it. `typed` has already been parsed without an error. */
export function askedRecord({ asked, typed, plan, declared }: Given): AskedRecord {
  const options = countingOptions(typed, declared);
  const scenarios = new Map(plan.scenarios.map(({ scenario }) => [scenario.name, scenario]));
  return {
    profile: { value: plan.profile, from: options.some(({ key }) => key === 'profile') ? 'option' : 'default' },
    scenarios: scenariosAsked(asked),
    options: options.map((option) => optionAsked(option, declared)),
    sources: [...scenarios.values()].flatMap((scenario) => sourcesOf(scenario, asked, changesOf(options, declared))),
  };
}

/** If an option was given several times, only the last one counts, unless it is repeatable. */
export function countingOptions(typed: readonly TypedOption[], declared: RunDeclarations): readonly TypedOption[] {
  return typed.filter(
    ({ key }, at) => declared[key]?.repeatable || !typed.slice(at + 1).some((later) => later.key === key),
  );
}

function optionAsked({ key, text }: TypedOption, declared: RunDeclarations): AskedOption {
  const { kind, parse } = declared[key]!;
  // Values that JSON cannot express, such as undefined properties, are left out.
  const value: AskedOption['value'] = JSON.parse(
    JSON.stringify(text === null ? true : (parse?.(flagOf(key))(text) ?? text)),
  );
  return { name: optionName(key), kind, value, text };
}

/** Each file is listed once, with all its scenarios. */
function scenariosAsked(asked: readonly Asked[]): AskedScenario[] {
  const own = asked.filter((each) => typeof each !== 'string');
  return asked.flatMap((each): AskedScenario[] => {
    if (typeof each === 'string') return [{ name: each }];
    const inFile = own.filter(({ file }) => file === each.file);
    if (each !== inFile[0]) return [];
    return [{ file: each.file, names: inFile.map(({ scenario }) => scenario.name) }];
  });
}

const timeFields: readonly string[] = ['repeats', 'durationMs', 'warmupMs'] satisfies readonly PlannedField[];

/** Where the values of a planned scenario came from, each source once. */
function sourcesOf(
  { name, ...values }: Scenario,
  asked: readonly Asked[],
  changedBy: ReadonlyMap<string, string>,
): readonly ValueSource[] {
  const own = asked.find((each) => typeof each !== 'string' && each.scenario.name === name);
  const fileTimes: readonly string[] = typeof own === 'object' ? Object.keys(own.times) : [];
  const sources = new Map<string, ValueSource>();
  for (const field of new Set([...timeFields, ...Object.keys(values), ...changedBy.keys()])) {
    const option = changedBy.get(field);
    const from = option ? 'option' : fromWithoutOption(field, own !== undefined, fileTimes);
    const source = sources.get(option ?? from) ?? { scenario: name, from, ...(option && { option }), fields: [] };
    source.fields.push(field);
    sources.set(option ?? from, source);
  }
  return [...sources.values()];
}

function fromWithoutOption(field: string, own: boolean, fileTimes: readonly string[]): ValueSource['from'] {
  if (timeFields.includes(field)) return fileTimes.includes(field) ? 'scenario file' : 'profile';
  return own ? 'scenario file' : 'catalogue';
}

/** The option that decides each field. If two set the same field, the one declared later wins: --repeats over --aa. */
function changesOf(options: readonly TypedOption[], declared: RunDeclarations): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(declared).flatMap(([key, { changes = [] }]) =>
      options
        .filter((option) => option.key === key)
        .flatMap(({ text }) => (typeof changes === 'function' ? changes(text ?? '') : changes))
        .map((field) => [field, optionName(key)] as const),
    ),
  );
}
