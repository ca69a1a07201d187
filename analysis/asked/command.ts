import type { AskedRecord, OptionKind } from '../../results/schema/asked-schema.ts';
import type { RunRecord } from '../../results/schema/schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import { mainRoute } from '../figures/run-routes.ts';

/** Control characters and marks that hide or reorder text: copied unseen, they could change what a command does. */
const hidden = /[\p{Cc}\p{Cf}]/gu;

/** Words as one line for a POSIX shell, quoted where needed. Control and formatting characters become U+FFFD. */
export function shellText(words: readonly string[]): string {
  return words.map((word) => shellWord(word.replace(hidden, '\ufffd'))).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The command that measures a scenario as this run was asked to. `options` are further options about trials and win
 * over the run's own. Left out are options about the result, the seed, and the profile, which has scenarios of its own:
 * times that came from the profile become those of the default profile.
 */
export function commandFor(record: RunRecord, scenario: string, options: readonly string[]): string {
  const { asked } = record;
  // An A/A run has one transport, so `--aa` cannot stay beside `--transport`.
  const replaced = options.includes('--transport') ? [...options, '--aa'] : options;
  return shellText([
    'pvw',
    'run',
    ...scenarioWords(asked, scenario),
    ...wordsOf(asked, 'link'),
    ...routeWords(record, asked),
    ...wordsOf(asked, 'trials', replaced),
    ...options,
  ]);
}

/**
 * The command that measures something else over the path that the verdicts of this run are about. `words` follow `pvw
 * run`.
 */
export function commandOnPath(record: RunRecord, words: readonly string[]): string {
  const { asked } = record;
  const several = (record.plan.routes?.length ?? 0) > 1;
  const route = several ? pathsWords([mainRoute(record)]) : routeWords(record, asked);
  return shellText(['pvw', 'run', ...words, ...wordsOf(asked, 'link'), ...route]);
}

/**
 * The name of a scenario that comes with pvw, or the file of a user's scenario. If the file is unknown, all scenarios
 * that the run was given.
 */
function scenarioWords({ scenarios }: AskedRecord, scenario: string): readonly string[] {
  if (findScenario(scenario)) return [scenario];
  const its = scenarios.filter((each) => 'file' in each && each.names.includes(scenario));
  return (its.length > 0 ? its : scenarios).map((each) => ('file' in each ? each.file : each.name));
}

/** The options of one kind as they were typed, without those in `replaced`. */
function wordsOf({ options }: AskedRecord, kind: OptionKind, replaced: readonly string[] = []): readonly string[] {
  return options
    .filter((option) => option.kind === kind && !replaced.includes(`--${option.name}`))
    .flatMap(({ name, text }) => (text === null ? [`--${name}`] : [`--${name}`, text]));
}

/** The route options as they were given; without any, the paths of the profile. */
function routeWords({ plan }: RunRecord, asked: AskedRecord): readonly string[] {
  const given = wordsOf(asked, 'route');
  return given.length > 0 ? given : pathsWords(plan.routes?.map(({ name }) => name) ?? []);
}

/** Nothing for the direct path alone, which is the default. */
function pathsWords(names: readonly string[]): readonly string[] {
  return names.length === 0 || (names.length === 1 && names[0] === 'direct') ? [] : ['--paths', names.join(',')];
}
