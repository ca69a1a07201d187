import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Run } from '../../results/schema/schema.ts';
import { plainText } from '../../text/plain-text.ts';
import { quoted, UsageError } from '../../text/usage-error.ts';
import { findRun } from '../files/directories.ts';
import { flagOf } from '../options/declaration.ts';
import { declareRunOptions, type TypedOption } from '../options/run-options.ts';
import { countingOptions } from '../request/asked-record.ts';
import { ownOptions, type SweepOptions, sweepOptions } from './sweep-options.ts';

/** A command line of `pvw sweep`, read. */
export type TypedSweep = {
  readonly words: readonly string[];
  readonly options: SweepOptions;
  readonly typed: readonly TypedOption[];
};

/** A sweep that was stopped, and what it was begun with. */
export type Stopped = { readonly directory: string; readonly run: Run; readonly begun: TypedSweep };

/**
 * The stopped sweep that `--resume` names. Throws `UsageError` if there is none, if it has nothing left to do or is going
 * on, and if `now` asks for something else.
 */
export function stoppedSweep(resume: string, now: TypedSweep): Stopped {
  const { directory, run } = findRun('--resume', resume);
  const { record } = run;
  if (record.command[1] !== 'sweep') throw new UsageError(`--resume: ${directory} holds no sweep; begin one`);
  if (record.status === 'running') throw new UsageError(`--resume: ${directory} is going on`);
  if (record.status === 'completed') {
    throw new UsageError(`--resume: ${directory} has nothing left to do; pvw report ${directory} shows it`);
  }
  if (record.version !== packageJson.version) {
    throw new UsageError(
      `--resume: ${directory} was begun with pvw ${record.version}, and this is ${packageJson.version}, which may measure ` +
        'otherwise; begin another sweep',
    );
  }
  const begun = readSweep(record.command.slice(2));
  refuseOthers(now, begun, directory);
  return { directory, run, begun };
}

/** The words of a recorded command line, as the verb read them. */
export function readSweep(words: readonly string[]): TypedSweep {
  const command = new Command('sweep').argument('[scenario]').exitOverride();
  const typed = declareRunOptions(command, { Sweep: ownOptions });
  command.parse([...words], { from: 'user' });
  return { words: command.args, options: command.opts<SweepOptions>(), typed };
}

/** What is typed now may repeat what the sweep was begun with, and change only what happens to the result. */
function refuseOthers(now: TypedSweep, begun: TypedSweep, directory: string): void {
  if (now.words.length > 0 && now.words.join() !== begun.words.join()) {
    throw new UsageError(
      `--resume: ${directory} was begun with ${begun.words.join()}, not ${now.words.join()}; leave it out`,
    );
  }
  const [its, given] = [textsOf(begun), textsOf(now)];
  for (const [key, texts] of given) {
    const before = its.get(key);
    if (before?.join('\n') === texts.join('\n')) continue;
    const was = before === undefined ? 'without it' : `with ${before.map(textOf).join(' and ')}`;
    const why = `${directory} was begun ${was}`;
    throw new UsageError(
      plainText(`${flagOf(key)}: ${texts.map(textOf).join(' and ')} is another sweep: ${why}; leave it out`),
    );
  }
}

/** By keys, the texts of the options that decide what is measured, in an order that does not matter. */
function textsOf({ typed }: TypedSweep): ReadonlyMap<string, readonly string[]> {
  const deciding = countingOptions(typed, sweepOptions).filter(({ key }) => sweepOptions[key]!.kind !== 'outcome');
  const keys = [...new Set(deciding.map(({ key }) => key))];
  const textsFor = (key: string) => deciding.filter((each) => each.key === key).map(({ text }) => text ?? '');
  return new Map(keys.map((key) => [key, textsFor(key).sort()]));
}

function textOf(text: string): string {
  return text === '' ? 'it' : quoted(text);
}

/** What the command line says is the same, and the plan that follows from it is not. */
export function changedSince(directory: string): UsageError {
  return new UsageError(
    `--resume: what ${directory} was begun with has changed since: a scenario file or a trace; begin another sweep`,
  );
}
