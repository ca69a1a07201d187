import type { RunRecord } from '../results/schema.ts';
import { findScenario } from '../scenarios/catalogue.ts';
import { mainRoute } from './routes.ts';

/** Control characters and marks that hide or reorder text: nobody typed them, and nobody is to copy them unseen. */
const hidden = /[\p{Cc}\p{Cf}]/gu;

/** Words as a POSIX shell takes them, quoted where they have to be. */
export function shellText(words: readonly string[]): string {
  return words.map((word) => shellWord(word.replace(hidden, '\ufffd'))).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Options of `pvw run` that say what the cable between clients and server is like. */
const ofLink = ['--network', '--link', '--rtt', '--jitter', '--bandwidth', '--loss'];

/** What a path goes through beside its link. */
const ofRoute = [
  '--paths',
  '--tls',
  '--tls-resumption',
  '--http',
  '--proxy',
  '--nodes',
  '--balance',
  '--mistake',
  '--headers',
  '--cookie-bytes',
  '--compression',
  '--compression-context',
  '--listen',
  '--via',
];

/** What is measured over it, and for how long. */
const ofTrials = [
  '--transport',
  '--aa',
  '--clients',
  '--channels',
  '--rate',
  '--payload-bytes',
  '--trace',
  '--poll-interval',
  '--hold',
  '--heartbeat',
  '--storm',
  '--duration',
  '--warmup',
  '--repeats',
];

/** What a command is repeated with. What becomes of its result, its seed and its profile, which has its own scenarios, are not. */
export const repeatedOptions: readonly string[] = [...ofLink, ...ofRoute, ...ofTrials];

/** Options that take no value: the word behind them is another one. */
export const optionsWithoutValue: readonly string[] = ['--tls', '--compression', '--open', '--json', '--quiet'];

/**
 * The command that measures a scenario with what was typed for this run, and with further options about trials, which win
 * over those. Times that came from its profile are those of the default again. Where a scenario of the user's own is known
 * by name only, it has the scenarios of the run.
 */
export function commandFor(record: RunRecord, scenario: string, options: readonly string[]): string {
  const given = givenIn(record.command);
  const scenarios = findScenario(scenario) ? [scenario] : given.scenarios;
  // One transport against itself is no question about several.
  const replaced = options.includes('--transport') ? [...options, '--aa'] : options;
  const trials = wordsOf(given, ofTrials, replaced);
  return shellText([
    'pvw',
    'run',
    ...scenarios,
    ...linkWords(given),
    ...routeWords(record, given),
    ...trials,
    ...options,
  ]);
}

/** The command that measures something else, words after `pvw run`, over the path that the verdicts of this run are about. */
export function commandOnPath(record: RunRecord, words: readonly string[]): string {
  const given = givenIn(record.command);
  const several = (record.plan.routes?.length ?? 0) > 1;
  const route = several ? pathsWords([mainRoute(record)]) : routeWords(record, given);
  return shellText(['pvw', 'run', ...words, ...linkWords(given), ...route]);
}

type Given = {
  /** Names and files. */
  readonly scenarios: readonly string[];
  /** As they were typed, with their values. */
  readonly options: readonly { readonly name: string; readonly words: readonly string[] }[];
};

/** What stands behind `pvw run`. */
function givenIn(command: readonly string[]): Given {
  const words = command.slice(Math.max(1, command.indexOf('run') + 1));
  const scenarios: string[] = [];
  const options: { readonly name: string; readonly words: readonly string[] }[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return { scenarios: [...scenarios, ...words.slice(at + 1)], options };
    const name = word.split('=')[0]!;
    if (!word.startsWith('--')) scenarios.push(word);
    else if (word !== name || optionsWithoutValue.includes(name)) options.push({ name, words: [word] });
    else {
      at++;
      options.push({ name, words: words.slice(at - 1, at + 1) });
    }
  }
  return { scenarios, options };
}

/** The given options with these names, as they were typed, without those that are given anew. */
function wordsOf(given: Given, names: readonly string[], replaced: readonly string[] = []): readonly string[] {
  return given.options
    .filter(({ name }) => names.includes(name) && !replaced.includes(name))
    .flatMap(({ words }) => words);
}

function linkWords(given: Given): readonly string[] {
  return wordsOf(given, ofLink);
}

/** As they were typed; where nothing was said about the path, those of the profile. */
function routeWords({ plan }: RunRecord, given: Given): readonly string[] {
  const typed = wordsOf(given, ofRoute);
  return typed.length > 0 ? typed : pathsWords(plan.routes?.map(({ name }) => name) ?? []);
}

/** The direct path alone goes without saying. */
function pathsWords(names: readonly string[]): readonly string[] {
  return names.length === 0 || (names.length === 1 && names[0] === 'direct') ? [] : ['--paths', names.join(',')];
}
