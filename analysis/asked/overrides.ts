import { isDeepStrictEqual } from 'node:util';
import type { AskedRecord } from '../../results/schema/asked-schema.ts';
import type { PlannedScenario } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { fieldValue, keysOf, replacedBy } from '../../scenarios/define-scenario.ts';
import { type FieldRow, optionName, scenarioFields, timeFields } from '../../scenarios/fields.ts';

type Scenario = PlannedScenario['scenario'];
type Field = keyof typeof scenarioFields;

export type Overridable = Field | 'rttMs' | 'times';

/** The options of `pvw run` that change a scenario or its times, by what they change. */
const optionsOf: ReadonlyMap<Overridable, readonly string[]> = new Map<Overridable, readonly string[]>([
  ...keysOf(scenarioFields).map((key) => [key, optionsFor(key)] as const),
  ['rttMs', ['--rtt']],
  ['times', Object.values(timeFields).flatMap(namesOf)],
]);

/** The options of the field, and those of fields that replace it. */
function optionsFor(field: Field): readonly string[] {
  const replacing = keysOf(scenarioFields).filter((key) => replacedBy(key) === field);
  return [field, ...replacing].flatMap((key) => namesOf(scenarioFields[key]));
}

function namesOf({ options = [] }: FieldRow): readonly string[] {
  return options.map(({ flags }) => optionName(flags));
}

/** A value given on the command line in place of the scenario's own. */
export type Override = {
  readonly what: Overridable;
  /** The options that changed it; empty if the run had another version of the scenario than this pvw. */
  readonly options: readonly string[];
  /** The scenario that comes with pvw; `undefined` for a user's scenario, and for times and round trip. */
  readonly usual: Scenario | undefined;
};

/** The parameters in which a planned scenario differs from the one of its name. */
export function overridesOf({ scenario }: PlannedScenario, asked: AskedRecord): readonly Override[] {
  const given = asked.options.map(({ name }) => `--${name}`);
  const usual: Scenario | undefined = findScenario(scenario.name);
  return [...optionsOf].flatMap(([what, possible]): readonly Override[] => {
    const options = possible.filter((option) => given.includes(option));
    if (what === 'rttMs' || what === 'times') return options.length > 0 ? [{ what, options, usual: undefined }] : [];
    const differs = usual !== undefined && !isDeepStrictEqual(fieldValue(scenario, what), fieldValue(usual, what));
    // An option that repeats the scenario's own value changes nothing.
    const changes = usual === undefined ? options.length > 0 : possible.length > 0 && differs;
    return changes ? [{ what, options, usual }] : [];
  });
}
