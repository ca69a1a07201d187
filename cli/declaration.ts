import { Option } from 'commander';
import type { Parse } from './options.ts';

/** One option of a verb, with what reads its value. */
export type Declaration = {
  readonly flags: string;
  readonly parse?: (option: string) => Parse<unknown>;
  /** Given several times, its values come as a list in the order of the command line. */
  readonly repeatable?: true;
  readonly help: string;
};

export function optionOf({ flags, parse, repeatable, help }: Declaration): Option {
  const option = new Option(flags, help);
  if (!parse) return option;
  const read = parse(flags.split(' ')[0]!);
  return repeatable
    ? option.argParser((text, earlier: readonly unknown[] = []) => [...earlier, read(text)])
    : option.argParser(read);
}
