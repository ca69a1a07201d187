import { resolve } from 'node:path';
import { allScenarios, findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { OwnScenario } from '../../scenarios/file/scenario-form.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { unknownName } from '../../text/choices.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';

/** One scenario that `run` is asked for: the name of a built-in one, or one from a file. `file` is as it was typed. */
export type Asked = string | (OwnScenario & { readonly file: string });

/** Whether a word means a file: it has an extension of scenario files, or a slash or backslash. */
export function isScenarioFile(word: string): boolean {
  return /[/\\]/.test(word) || /\.(ya?ml|json|ts|m?js)$/i.test(word);
}

/** The words of the command line with files replaced by their scenarios, each file once. Throws `UsageError`. */
export async function askedFor(words: readonly string[]): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const fileOf = new Map<string, string>();
  const seen = new Set<string>();
  for (const word of words) {
    const identity = isScenarioFile(word) ? resolve(word) : word;
    if (seen.has(identity)) continue;
    seen.add(identity);
    asked.push(...(isScenarioFile(word) ? await ownScenarios(word, fileOf) : [word]));
  }
  return asked;
}

/** The only scenario of the words of a verb. Throws `UsageError` if there is none, or more than one. */
export async function oneScenario(verb: string, words: readonly string[]): Promise<Asked> {
  const asked = await askedFor(words);
  const [first, ...others] = asked;
  if (first === undefined) throw new UsageError(`${verb}: give a scenario: a name that pvw list shows, or a file`);
  if (others.length > 0)
    throw new UsageError(`${verb}: ${words.join()} has ${asked.length} scenarios; give a file with one`);
  return first;
}

export function nameOf(asked: Asked): string {
  return typeof asked === 'string' ? asked : asked.scenario.name;
}

/** `fileOf` has the file of each name so far. Two workloads with one name would be one scenario in the results. */
async function ownScenarios(file: string, fileOf: Map<string, string>): Promise<readonly Asked[]> {
  // Imported here, since the parser and the schema would slow down every other command.
  const { readScenarioFile } = await import('../../scenarios/file/scenario-file.ts');
  const own = await readScenarioFile(file);
  for (const { scenario } of own) {
    const other = fileOf.get(scenario.name);
    if (other !== undefined) {
      throw notAllowed(`${file}: name`, scenario.name, 'each scenario a name of its own', `is also in ${other}`);
    }
    fileOf.set(scenario.name, file);
  }
  return own.map((each) => ({ ...each, file }));
}

/** A built-in scenario. Throws `UsageError` that lists all. */
export function scenarioNamed(name: string): Scenario {
  const scenario = findScenario(name);
  if (scenario) return scenario;
  throw unknownName(
    'scenario',
    name,
    allScenarios.map((known) => known.name),
  );
}
