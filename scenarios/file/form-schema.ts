import { z } from 'zod';
import type { FormPath } from '../../text/form-problem.ts';
import { allScenarios } from '../catalogue/catalogue.ts';
import { keysOf } from '../define-scenario.ts';
import { type FieldRow, scenarioFields, timeFields, yamlName } from '../fields.ts';
import type { Payload } from '../scenario.ts';
import { defaultText } from './field-default.ts';
import { type ArrivalsForm, arrivals, formOf, type MessagesForm, messages, payload } from './field-form.ts';

function described(key: string, row: FieldRow): readonly [string, z.ZodType] {
  const usual = defaultText(row);
  const form = key === 'name' ? formOf(row) : formOf(row).optional();
  return [yamlName(key, row), form.describe(usual === undefined ? row.help : `${row.help} (default: ${usual})`)];
}

const [nameField, ...furtherFields] = Object.entries({ ...scenarioFields, ...timeFields }).map(([key, row]) =>
  described(key, row),
);

/** Schema of a scenario file. `name` is always required; the rows' `needed` fields only without `extends`. */
export const scenarioForm = z.strictObject(
  Object.fromEntries([
    nameField!,
    [
      'extends',
      z
        .enum(allScenarios.map(({ name }) => name))
        .optional()
        .describe('the built-in scenario that what is left out comes from'),
    ],
    ...furtherFields,
  ]),
  { error: 'fields such as name, clients, arrivals and payload' },
);

/** The type of what `scenarioForm` accepts; names only the fields that code reads individually. */
export type ScenarioForm = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly extends?: string;
  readonly arrivals?: ArrivalsForm;
  readonly payload?: Payload;
  readonly inputs?: MessagesForm | null;
  readonly broadcast?: MessagesForm | null;
};

/** Fields that are required without `extends`. */
export const neededFields = keysOf(scenarioFields).filter((key) => 'needed' in scenarioFields[key]);

/** The fields allowed in the group at `path`, for "give …" and "did you mean". */
export function fieldsAt(path: FormPath, group: unknown): readonly string[] {
  switch (path.at(-1)) {
    case 'arrivals': {
      const kind = typeof group === 'object' && group !== null && 'kind' in group ? group.kind : undefined;
      const option = arrivals.options.find((candidate) => candidate.shape.kind.value === kind);
      return Object.keys((option ?? arrivals.options[0]).shape);
    }
    case 'payload':
      return Object.keys(payload.shape);
    case 'inputs':
    case 'broadcast':
      return Object.keys(messages.shape);
    default:
      return Object.keys(scenarioForm.shape);
  }
}

/** JSON Schema (2020-12) of a scenario file, for editors. */
export function scenarioJsonSchema(): object {
  const complete = [{ required: ['extends'] }, { required: [...neededFields] }];
  return { ...z.toJSONSchema(scenarioForm), title: 'pvw scenario', anyOf: complete };
}
