import type { Arrivals, Messages, Payload } from './scenario.ts';

/** Inclusive range, in the unit of the field's kind. */
export type Range = readonly [from: number, to: number];

/** Properties of every field's row. */
type Described = {
  /** A few words for option help, JSON Schema and comments of the example file. The default is appended to them. */
  readonly help: string;
  /** In words: what applies when the field is absent and has no default value. */
  readonly otherwise?: string;
  /** A value for the example file of `pvw init-scenario`, where the default would explain nothing. */
  readonly example?: string;
  /** Options of `pvw run` that set the field, or a part of it, in all scenarios of the run. */
  readonly options?: readonly FieldOption[];
};

/** Where the report shows a field. */
type Shown =
  /** Text about the scenario. Scenarios that differ only in prose are the same workload. */
  | { readonly shown: 'prose' }
  /** A line of its own with this title and the value with its unit. Optional fields have a line only when given. */
  | { readonly shown: { readonly line: string } }
  /** In the line with this title, together with other fields; `report/sentences/facts.ts` has the words. */
  | { readonly shown: { readonly within: string } };

/** Kinds of numbers without a unit in files: `count` and `bytes` are whole, `rate` is per second. */
export type NumberKind = 'count' | 'bytes' | 'rate' | 'milliseconds';

export type NumberRow = Described & { readonly kind: NumberKind; readonly range: Range; readonly default?: number };

/** Milliseconds in code and records. Files and options write the unit (`250ms`), so the name there has none. */
export type DurationRow = Described & {
  readonly kind: 'duration';
  readonly yaml: string;
  readonly range: Range;
  readonly default?: number;
};

/** A list of distinct durations. */
export type DurationsRow = Described & {
  readonly kind: 'durations';
  readonly yaml: string;
  /** Range of each duration. */
  readonly range: Range;
  /** Range of the number of durations. */
  readonly length: Range;
};

/** Instants of a trace in milliseconds, ascending. */
export type InstantsRow = Described & { readonly kind: 'instants'; readonly range: Range; readonly length: Range };

export type FlagRow = Described & { readonly kind: 'flag'; readonly default: boolean };

/** One of a fixed set of words. */
export type ChoiceRow<Word extends string = string> = Described & {
  readonly kind: 'choice';
  readonly words: readonly Word[];
  readonly default?: Word;
};

/** `name`: lower-case words joined by hyphens. `text`: one line for readers. */
export type TextRow = Described & { readonly kind: 'name' | 'text'; readonly longest: number };

/** A file path; only options have this kind. */
type FileRow = Described & { readonly kind: 'file' };

/** A group of fields with rows of their own in `fields.ts`. */
export type GroupRow<Kind extends Group = Group> = Described & { readonly kind: Kind };

type Group = 'arrivals' | 'payload' | 'messages';

/** Rows that an option can be parsed by. */
export type OptionRow = NumberRow | DurationRow | FlagRow | ChoiceRow | FileRow;

/** An option of `pvw run` for a field. */
export type FieldOption = {
  /** In the syntax of commander: `--hold <duration>`. */
  readonly flags: `--${string}`;
  /** The option's heading in `pvw run --help`. */
  readonly group: 'Load' | 'Transports' | 'Time';
  /** A common pitfall; the help shows it after the default. */
  readonly caveat?: string;
  /** Row of what the option sets, when that is only a part of the field. */
  readonly part?: OptionRow;
};

/** The kind of row that a value of type `T` needs. Any other kind is a type error. */
type RowOf<T> = [T] extends [boolean]
  ? FlagRow
  : [T] extends [number]
    ? NumberRow | DurationRow
    : [T] extends [readonly number[]]
      ? DurationsRow | InstantsRow
      : [T] extends [Arrivals]
        ? GroupRow<'arrivals'>
        : [T] extends [Payload]
          ? GroupRow<'payload'>
          : [T] extends [Messages]
            ? GroupRow<'messages'>
            : [T] extends [string]
              ? string extends T
                ? TextRow
                : ChoiceRow<T>
              : never;

export type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];

type OptionalMark<T, K extends keyof T> =
  K extends OptionalKey<T> ? { readonly optional: true } : { readonly optional?: never };

/** Exactly one row for each part of `T`. */
export type PartsOf<T> = { readonly [K in keyof T]-?: RowOf<Exclude<T[K], undefined>> };

/** Rows of whole fields, which have further properties. */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: RowOf<Exclude<T[K], undefined>> &
    Shown &
    OptionalMark<T, K> & {
      /** A scenario file must give it, unless it extends a scenario. */
      readonly needed?: true;
      /** The field that becomes invalid when this one is given. */
      readonly replaces?: OptionalKey<T>;
    };
};
