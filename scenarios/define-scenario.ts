import type { FieldsOf, OptionalKey } from './field.ts';
import { type FieldRow, scenarioFields } from './fields.ts';
import type { Scenario } from './scenario.ts';

export type FieldKey = keyof Scenario;

type FieldWithDefault = {
  [K in FieldKey]: (typeof scenarioFields)[K] extends { readonly default: unknown; readonly optional?: never }
    ? K
    : never;
}[FieldKey];

type Given = Partial<Scenario> & Omit<Scenario, FieldWithDefault>;

/** Keys of rows, in the order in which they are declared. */
export function keysOf<T extends object>(rows: T): readonly (keyof T)[] {
  return Object.keys(rows) as (keyof T)[];
}

/**
 * The fields for which `read` finds a value, in the order of the rows. The compiler cannot follow a value through its
 * row: `read` has to return what the field holds, or undefined.
 */
export function valuesBy<T>(
  rows: Readonly<Record<keyof T, FieldRow>>,
  read: (key: keyof T, row: FieldRow) => unknown,
): Partial<T> {
  const found = keysOf(rows).map((key) => [key, read(key, rows[key])] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What a scenario has in the fields that nothing is said about. Optional fields stay absent. */
const defaults = valuesBy<Scenario>(scenarioFields, (_, row) =>
  'default' in row && !row.optional ? row.default : undefined,
) as Pick<Scenario, FieldWithDefault>;

/** A scenario in which every field that is left out has its default. */
export function defineScenario(given: Given): Scenario {
  return inOrder({ ...defaults, ...given });
}

/** Fields in the order of the rows, so that every record lists them alike. */
function inOrder(scenario: Scenario): Scenario {
  return { ...valuesBy<Scenario>(scenarioFields, (key) => scenario[key]), ...scenario };
}

/** What holds for a field: an absent one has its default, or undefined without one. `scenario` may come from a record. */
export function fieldValue(scenario: Readonly<Partial<Record<FieldKey, unknown>>>, key: FieldKey): unknown {
  const row: FieldRow = scenarioFields[key];
  return scenario[key] ?? ('default' in row ? row.default : undefined);
}

/** The scenario with other values in some fields, without those that the new values replace. */
export function changedScenario(scenario: Scenario, changes: Partial<Scenario>): Scenario {
  const kept = { ...scenario };
  for (const key of keysOf(changes)) {
    const replaced = replacedBy(key);
    if (replaced !== undefined) delete kept[replaced];
  }
  return inOrder({ ...kept, ...changes });
}

/** The field that no longer holds once `key` is given. */
export function replacedBy(key: FieldKey): OptionalKey<Scenario> | undefined {
  const row: FieldsOf<Scenario>[FieldKey] = scenarioFields[key];
  return row.replaces;
}
