import { type Command, Option } from 'commander';
import type { Parse } from './options.ts';

/**
 * One option of a verb. In a table its key is the property that holds its value, and the flag follows from the key:
 * `payloadBytes` is typed as `--payload-bytes`.
 */
export type Declaration<T = unknown> = {
  /** Placeholder for the value in the help, such as `<number>`. Absent for a switch, which takes no value. */
  readonly takes?: string;
  /** Reads the value; absent: the value is the text. Throws `UsageError`, which names the option. */
  readonly parse?: (flag: string) => Parse<T>;
  /** May be given several times. Its value is then a list in the order of the command line. */
  readonly repeatable?: true;
  readonly help: string;
  /** Default as shown in the help. */
  readonly default?: string;
  /** Common pitfall, shown last in the help. */
  readonly caveat?: string;
};

export type Declarations<D extends Declaration = Declaration> = Readonly<Record<string, D>>;

/** The values of a table of declarations, by their keys. A table whose keys are made at run time adds none. */
export type OptionsOf<Table> = {
  readonly [Key in keyof Table as string extends Key ? never : Key]?: ValueOf<Table[Key]>;
};

type ValueOf<D> = D extends { readonly parse: (flag: string) => Parse<infer T> }
  ? D extends { readonly repeatable: true }
    ? readonly T[]
    : T
  : D extends { readonly takes: string }
    ? string
    : true;

/** The name of an option without its dashes: `payload-bytes` for the key `payloadBytes`. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** An option as it is typed: `--payload-bytes` for the key `payloadBytes`. */
export function flagOf(key: string): string {
  return `--${optionName(key)}`;
}

/** Adds the options of a table to a verb, in the order of the table. */
export function declareOptions(command: Command, table: Declarations): void {
  for (const [key, declaration] of Object.entries(table)) command.addOption(optionOf(key, declaration));
}

function optionOf(key: string, declaration: Declaration): Option {
  const { takes, parse, repeatable } = declaration;
  const flag = flagOf(key);
  const option = new Option(takes === undefined ? flag : `${flag} ${takes}`, helpOf(declaration));
  if (!parse) return option;
  const read = parse(flag);
  return repeatable
    ? option.argParser((text, earlier: readonly unknown[] = []) => [...earlier, read(text)])
    : option.argParser(read);
}

function helpOf({ help, default: usual, caveat }: Declaration): string {
  return [help, usual !== undefined && ` (default: ${usual})`, caveat !== undefined && `; ${caveat}`]
    .filter((part) => part !== false)
    .join('');
}
