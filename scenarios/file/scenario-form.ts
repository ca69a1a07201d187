import { badValue, firstProblem } from '../../text/form-problem.ts';
import { onOneLine } from '../../text/form-text.ts';
import { findScenario } from '../catalogue/catalogue.ts';
import { changedScenario, defineScenario, valuesBy } from '../define-scenario.ts';
import { type FieldRow, scenarioFields, timeFields, yamlName } from '../fields.ts';
import type { Scenario, Times } from '../scenario.ts';
import { arrivalsOf, milliseconds } from './arrivals-form.ts';
import type { MessagesForm } from './field-form.ts';
import { fieldsAt, neededFields, type ScenarioForm, scenarioForm } from './form-schema.ts';
import { problemOf } from './misfit-fields.ts';
import { misfitOf } from './rules.ts';

/** The user's scenario and the times that its file sets. */
export type OwnScenario = { readonly scenario: Scenario; readonly times: Partial<Times> };

/** Converts the content of `file`; trace paths are relative to it. Throws `BadForm`. */
export function readForm(data: unknown, file: string): OwnScenario {
  const parsed = scenarioForm.safeParse(data);
  if (!parsed.success) throw firstProblem(parsed.error.issues, data, fieldsAt);
  // The schema is built from rows, so the compiler cannot infer the type.
  const form = parsed.data as ScenarioForm;
  refuseBuiltInName(form);
  const scenario = scenarioOf(form, file);
  const misfit = misfitOf(scenario);
  if (misfit !== undefined) throw problemOf(misfit, scenario, form);
  return { scenario, times: valuesBy<Times>(timeFields, (key, row) => plainValue(row, form[yamlName(key, row)])) };
}

/** Results are found by name: different workloads with the same name could be compared by mistake. */
function refuseBuiltInName({ name }: ScenarioForm): void {
  if (!findScenario(name)) return;
  throw badValue(
    ['name'],
    name,
    `another name; a file that starts from it says extends: ${name}`,
    'is the name of a built-in scenario',
  );
}

function scenarioOf(form: ScenarioForm, file: string): Scenario {
  const base = form.extends === undefined ? undefined : findScenario(form.extends);
  const given = valuesBy<Scenario>(scenarioFields, (key, row) => valueOfField(key, row, form, file));
  const named = {
    ...given,
    name: form.name,
    title: given.title ?? titleFrom(form.name),
    summary: given.summary ?? (base ? `Based on the scenario ${base.name}.` : 'No summary was given.'),
  };
  if (base) return withoutEmptied(changedScenario(base, named), form);
  const { clients, arrivals, payload } = given;
  if (clients !== undefined && arrivals && payload) return defineScenario({ ...named, clients, arrivals, payload });
  const missing = neededFields.find((field) => form[field] === undefined)!;
  throw badValue([missing], undefined, 'it, or a built-in scenario to start from, such as extends: chat-room');
}

/** An empty `inputs:` or `broadcast:` removes what was inherited by `extends`. */
function withoutEmptied({ inputs, broadcast, ...scenario }: Scenario, form: ScenarioForm): Scenario {
  return {
    ...scenario,
    ...(inputs && form.inputs !== null && { inputs }),
    ...(broadcast && form.broadcast !== null && { broadcast }),
  };
}

function valueOfField(key: keyof Scenario, row: FieldRow, form: ScenarioForm, file: string): unknown {
  switch (row.kind) {
    case 'arrivals':
      return form.arrivals && arrivalsOf(form.arrivals, ['arrivals'], file);
    case 'messages': {
      const given = form[key] as MessagesForm | null | undefined;
      return given ? { ...given, arrivals: arrivalsOf(given.arrivals, [key, 'arrivals'], file) } : undefined;
    }
    default:
      return plainValue(row, form[yamlName(key, row)]);
  }
}

/** A checked value in the form of `Scenario`: durations in milliseconds, text on one line. */
function plainValue(row: FieldRow, value: unknown): unknown {
  if (value === undefined) return undefined;
  switch (row.kind) {
    case 'duration':
      return milliseconds(String(value));
    case 'durations':
      return Array.isArray(value) ? value.map((text) => milliseconds(String(text))) : undefined;
    case 'text':
      return onOneLine(String(value));
    default:
      return value;
  }
}

/** `my-chat` becomes `My chat`. */
function titleFrom(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');
}
