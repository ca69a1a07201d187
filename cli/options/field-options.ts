import { changedScenario, keysOf, valuesBy } from '../../scenarios/define-scenario.ts';
import type { FieldOption, OptionRow } from '../../scenarios/field.ts';
import {
  type FieldOptionValues,
  type FieldRow,
  optionKey,
  scenarioFields,
  timeFields,
} from '../../scenarios/fields.ts';
import type { Arrivals, Scenario, Times } from '../../scenarios/scenario.ts';
import type { Declaration } from './declaration.ts';
import { decimalNumber, duration, oneOf, type Parse, wholeNumber } from './options.ts';
import type { PlannedField, RunDeclaration, RunDeclarations } from './run-declaration.ts';

/**
 * The options of `pvw run` that set one field of every scenario, made from the rows of the fields. The types of their
 * values are those of `FieldOptionValues`.
 */
export function fieldOptions(group: FieldOption['group']): RunDeclarations {
  const all = [...declarations(scenarioFields, "the scenario's"), ...declarations(timeFields, undefined)];
  const ofGroup = all.filter((option) => option.group === group);
  // The help has files last: they take the place of other options.
  const ordered = [...ofGroup.filter(({ file }) => !file), ...ofGroup.filter(({ file }) => file)];
  return Object.fromEntries(ordered.map(({ key, declaration }) => [key, declaration]));
}

type Grouped = {
  readonly group: FieldOption['group'];
  readonly key: string;
  readonly file: boolean;
  readonly declaration: RunDeclaration;
};

/** `usual`: where the value comes from without the option, unless the row says it. */
function declarations<Field extends PlannedField>(
  rows: Readonly<Record<Field, FieldRow>>,
  usual: string | undefined,
): readonly Grouped[] {
  return keysOf(rows).flatMap((field): readonly Grouped[] => {
    const row: FieldRow = rows[field];
    return (row.options ?? []).map((option) => ({
      group: option.group,
      key: optionKey(option.flags),
      file: option.part?.kind === 'file',
      declaration: {
        ...declarationOf(option, option.part ?? plainRow(option, row), usual ?? row.otherwise),
        kind: 'trials',
        changes: row.replaces === undefined ? [field] : [field, row.replaces],
      },
    }));
  });
}

function declarationOf({ flags, caveat }: FieldOption, row: OptionRow, usual: string | undefined): Declaration {
  const [, takes] = flags.split(' ');
  const parse = parserOf(row);
  return {
    ...(takes !== undefined && { takes }),
    ...(parse && { parse }),
    help: row.help,
    // A file has no scenario value to show as its default.
    ...(row.kind !== 'file' && usual !== undefined && { default: usual }),
    ...(caveat !== undefined && { caveat }),
  };
}

/** The row of a field whose whole value stands in one word. */
function plainRow({ flags }: FieldOption, row: FieldRow): OptionRow {
  switch (row.kind) {
    case 'count':
    case 'bytes':
    case 'rate':
    case 'milliseconds':
    case 'duration':
    case 'flag':
    case 'choice':
      return row;
    default:
      throw new Error(`${flags} cannot set a whole field of the kind ${row.kind}: its row has to say which part`);
  }
}

/** What reads the value; undefined: a file is taken as typed, and a flag has no value. */
function parserOf(row: OptionRow): ((option: string) => Parse<unknown>) | undefined {
  switch (row.kind) {
    case 'count':
    case 'bytes':
      return (option) => wholeNumber(option, ...row.range);
    case 'rate':
    case 'milliseconds':
      return (option) => decimalNumber(option, ...row.range);
    case 'duration':
      return (option) => duration(option, ...row.range);
    case 'choice':
      return (option) => oneOf(option, row.words);
    case 'file':
    case 'flag':
      return undefined;
  }
}

/** Options that set a whole field, in a scenario. `--rate`, `--trace` and `--payload-bytes` set parts. */
function wholeFieldsOf(values: FieldOptionValues): Partial<Scenario> {
  return valuesBy<Scenario>(scenarioFields, (_, row) => valueIn(row, values));
}

/** The times that options ask for. */
export function timesOf(values: FieldOptionValues): Partial<Times> {
  return valuesBy<Times>(timeFields, (_, row) => valueIn(row, values));
}

function valueIn({ options = [] }: FieldRow, values: Readonly<Record<string, unknown>>): unknown {
  const option = options.find(({ part }) => part === undefined);
  return option && values[optionKey(option.flags)];
}

/** What the options change in a scenario; `arrivals` is what `--rate` or `--trace` make of its own. */
export function overridden(
  scenario: Scenario,
  values: FieldOptionValues,
  arrivals: (usual: Arrivals) => Arrivals,
): Scenario {
  const { payload } = scenario;
  return changedScenario(scenario, {
    ...wholeFieldsOf(values),
    arrivals: arrivals(scenario.arrivals),
    ...(values.payloadBytes !== undefined && { payload: { ...payload, bytes: values.payloadBytes } }),
  });
}
