import type { Command } from 'commander';
import { declareOptions, type OptionsOf, optionName } from './declaration.ts';
import { outcomeOptions } from './outcome-options.ts';
import type { RunDeclarations } from './run-declaration.ts';
import { type RunRequest, requestGroups } from './run-request.ts';

/** Options of what is written and printed, which other verbs that measure share. */
export const runOutput = {
  out: {
    takes: '<directory>',
    help: 'new or empty directory for the results',
    default: 'results/<UTC time>-<name>',
    kind: 'outcome',
  },
  open: { help: 'open the report when the run has ended', kind: 'outcome' },
  json: { help: 'print the run as JSON instead of tables', kind: 'outcome' },
  force: { help: 'measure although another run is going on here', kind: 'outcome' },
  quiet: { help: 'no estimate and no progress on stderr', kind: 'outcome' },
  ...outcomeOptions,
} as const satisfies RunDeclarations;

/** All options of `run` on the command line. */
export type RunOptions = RunRequest & OptionsOf<typeof runOutput>;

const groups: Readonly<Record<string, RunDeclarations>> = { ...requestGroups, Output: runOutput };

/** Every option of `run` by its key, in the order of the help. */
export const runOptions: RunDeclarations = Object.assign({}, ...Object.values(groups));

/** An option as it was typed: its key, and the text of its value; null for a switch. */
export type TypedOption = { readonly key: string; readonly text: string | null };

/**
 * Adds the options of `run`, grouped by what they are about, after the groups that another verb has `before` them.
 * Returns what is typed, in the order of the command line: the list is empty now and is filled when `command` parses its
 * words.
 */
export function declareRunOptions(
  command: Command,
  before: Readonly<Record<string, RunDeclarations>> = {},
): readonly TypedOption[] {
  return declareTyped(command, { ...before, ...groups });
}

/** Adds options by groups. Returns what is typed, as `declareRunOptions` does. */
export function declareTyped(
  command: Command,
  tables: Readonly<Record<string, RunDeclarations>>,
): readonly TypedOption[] {
  const typed: TypedOption[] = [];
  for (const [heading, table] of Object.entries(tables)) {
    command.optionsGroup(`${heading}:`);
    declareOptions(command, table);
    for (const key of Object.keys(table)) {
      command.on(`option:${optionName(key)}`, (text?: string) => typed.push({ key, text: text ?? null }));
    }
  }
  return typed;
}
