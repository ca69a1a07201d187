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
  // The help lists files last: they replace other options.
  const ordered = [...ofGroup.filter(({ file }) => !file), ...ofGroup.filter(({ file }) => file)];
  return Object.fromEntries(ordered.map(({ key, declaration }) => [key, declaration]));
}

type Grouped = {
  readonly group: FieldOption['group'];
  readonly key: string;
  readonly file: boolean;
  readonly declaration: RunDeclaration;
};

/** `usual`: where the value comes from without the option; if it is undefined, the row may say it. */
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

/** The row of a field whose whole value is one word of the command line. Throws for other kinds of fields. */
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

/** The parser of the value. Undefined for a file, which is taken as typed, and for a flag, which has no value. */
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

/** The scenario fields that options set as a whole. `--rate`, `--trace` and `--payload-bytes` set parts of a field. */
function wholeFieldsOf(values: FieldOptionValues): Partial<Scenario> {
  return valuesBy<Scenario>(scenarioFields, (_, row) => valueIn(row, values));
}

/** The times that options set. */
export function timesOf(values: FieldOptionValues): Partial<Times> {
  return valuesBy<Times>(timeFields, (_, row) => valueIn(row, values));
}

function valueIn({ options = [] }: FieldRow, values: Readonly<Record<string, unknown>>): unknown {
  const option = options.find(({ part }) => part === undefined);
  return option && values[optionKey(option.flags)];
}

/** The scenario with the values of the options. `arrivals` applies `--rate` or `--trace` to the scenario's arrivals. */
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
