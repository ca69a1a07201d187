import { type SweptWord, sweptAxis, sweptWords } from '../../scenarios/swept-axes.ts';
import { unknownName } from '../../text/choices.ts';
import { roundedDuration } from '../../text/duration.ts';
import { notAllowed } from '../../text/usage-error.ts';
import type { OptionsOf } from '../options/declaration.ts';
import { duration, type Parse } from '../options/options.ts';
import type { PlannedField, RunDeclarations } from '../options/run-declaration.ts';
import { type RunOptions, runOptions } from '../options/run-options.ts';

/** One axis of a sweep with its values, from the least on. */
export type Over = { readonly word: SweptWord; readonly values: readonly number[] };

/** More are hardly ever what was meant, and each is measured over every transport. */
const mostValues = 40;

const minute = 60_000;
const usualLimitMs = 120 * minute;
const longestLimitMs = 7 * 24 * 60 * minute;

/** The options that `pvw sweep` has besides those of `pvw run`. */
export const ownOptions = {
  over: {
    takes: '<axis=values>',
    parse: overOf,
    repeatable: true,
    help: `what varies, and its values, such as clients=100,300,1000; once or twice: ${sweptWords.join(', ')}`,
    kind: 'run',
    changes: fieldsOf,
  },
  resume: {
    takes: '<directory>',
    help: 'go on with a sweep that was stopped, with its own options',
    kind: 'outcome',
  },
  /** Milliseconds. */
  within: {
    takes: '<duration>',
    parse: (flag) => duration(flag, minute, longestLimitMs),
    help: 'refuse a sweep that takes longer by the estimate',
    default: `120m, ${roundedDuration(usualLimitMs)}`,
    kind: 'outcome',
  },
} as const satisfies RunDeclarations;

export type SweepOptions = RunOptions & OptionsOf<typeof ownOptions>;

/** Every option of `sweep` by its key. */
export const sweepOptions: RunDeclarations = { ...ownOptions, ...runOptions };

export function limitOf({ within }: SweepOptions): number {
  return within ?? usualLimitMs;
}

/** Reads `clients=100,300,1000`: each value as the option of that name takes it. */
function overOf(flag: string): Parse<Over> {
  return (text) => {
    const [, name, list] = /^([a-z-]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || list === undefined) {
      throw notAllowed(flag, text, 'an axis and its values, such as clients=100,300,1000', 'is no axis with values');
    }
    const word = wordOf(flag, name);
    const texts = list.split(',').map((each) => each.trim());
    const values = texts.map(numberParser(`${flag} ${name}`, word));
    const twice = texts.find((_, place) => values.indexOf(values[place]!) !== place);
    if (twice !== undefined) throw notAllowed(`${flag} ${name}`, twice, 'each value once', 'is there twice');
    if (values.length < 2 || values.length > mostValues) {
      throw notAllowed(`${flag} ${name}`, list, `from 2 to ${mostValues} values, separated by commas`);
    }
    return { word, values: [...values].sort((a, b) => a - b) };
  };
}

function wordOf(flag: string, name: string): SweptWord {
  const word = sweptWords.find((each) => each === name || optionFor(each) === name);
  if (word === undefined) throw unknownName(flag, name, sweptWords);
  return word;
}

/** `payload` is `--payload-bytes` in `pvw run`; either name is understood. */
function optionFor(word: SweptWord): string {
  return sweptAxis(word).option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function numberParser(name: string, word: SweptWord): (text: string) => number {
  const parse = runOptions[sweptAxis(word).option]!.parse!(name);
  return (text) => parse(text) as number;
}

function fieldsOf(text: string): readonly PlannedField[] {
  const { changes = [] } = runOptions[sweptAxis(overOf('--over')(text).word).option]!;
  return typeof changes === 'function' ? [] : changes;
}
