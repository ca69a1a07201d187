import type { RunRecord } from '../results/schema.ts';
import { findScenario } from '../scenarios/catalogue.ts';

/** Words as a POSIX shell takes them, quoted where they have to be. */
export function shellText(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * The command that measures a scenario with further options. A scenario of the user's own is known by name only, so
 * then it is the command of the run: the last of two equal options wins.
 */
export function commandFor({ command }: RunRecord, scenario: string, options: readonly string[]): string {
  const begin = findScenario(scenario) ? ['pvw', 'run', scenario] : command;
  return shellText([...begin, ...options]);
}
