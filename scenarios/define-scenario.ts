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

/** The keys of `rows` in declaration order. */
export function keysOf<T extends object>(rows: T): readonly (keyof T)[] {
  return Object.keys(rows) as (keyof T)[];
}

/**
 * The fields for which `read` returns a value other than undefined, in the order of `rows`. The compiler does not check
 * that the value has the field's type.
 */
export function valuesBy<T>(
  rows: Readonly<Record<keyof T, FieldRow>>,
  read: (key: keyof T, row: FieldRow) => unknown,
): Partial<T> {
  const found = keysOf(rows).map((key) => [key, read(key, rows[key])] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Values of fields that are not given. Optional fields stay absent. */
const defaults = valuesBy<Scenario>(scenarioFields, (_, row) =>
  'default' in row && !row.optional ? row.default : undefined,
) as Pick<Scenario, FieldWithDefault>;

/** Completes a scenario with the defaults of its fields. */
export function defineScenario(given: Given): Scenario {
  return inOrder({ ...defaults, ...given });
}

/** Puts fields in the order of `scenarioFields`, so that all records list them alike. */
function inOrder(scenario: Scenario): Scenario {
  return { ...valuesBy<Scenario>(scenarioFields, (key) => scenario[key]), ...scenario };
}

/** The value of a field, or its default; undefined when it has neither. `scenario` may come from a record. */
export function fieldValue(scenario: Readonly<Partial<Record<FieldKey, unknown>>>, key: FieldKey): unknown {
  const row: FieldRow = scenarioFields[key];
  return scenario[key] ?? ('default' in row ? row.default : undefined);
}

/** Returns a copy with `changes`, without the fields that they replace. */
export function changedScenario(scenario: Scenario, changes: Partial<Scenario>): Scenario {
  const kept = { ...scenario };
  for (const key of keysOf(changes)) {
    const replaced = replacedBy(key);
    if (replaced !== undefined) delete kept[replaced];
  }
  return inOrder({ ...kept, ...changes });
}

/** The field that becomes invalid when `key` is given. */
export function replacedBy(key: FieldKey): OptionalKey<Scenario> | undefined {
  const row: FieldsOf<Scenario>[FieldKey] = scenarioFields[key];
  return row.replaces;
}
