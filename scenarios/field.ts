import type { Arrivals, Inputs, Payload } from './scenario.ts';

/** From and to, both allowed, in the unit of the kind. */
export type Range = readonly [from: number, to: number];

/** What every field says about itself, whatever it holds. */
type Described = {
  /** A few words for option help, JSON Schema and the comments of an example file. The default is added to them. */
  readonly help: string;
  /** What a field without a default value falls back to, in words. */
  readonly otherwise?: string;
  /** A value for the example file that `pvw init-scenario` writes, where the default would teach nothing. */
  readonly example?: string;
  /** Options of `pvw run` that set the field or a part of it, for every scenario of the run. */
  readonly options?: readonly FieldOption[];
};

/** Where the report tells a field. */
type Told =
  /** Text about the scenario. Two scenarios that differ only in prose are the same workload. */
  | { readonly told: 'prose' }
  /** A line of its own: this title, and the value with its unit. An optional field has a line only where it is given. */
  | { readonly told: { readonly line: string } }
  /** In words, together with other fields, in the line with this title: `report/sentences/facts.ts` has the words. */
  | { readonly told: { readonly within: string } };

/** A number without a unit in files: `count` and `bytes` are whole, `rate` is per second. */
export type NumberKind = 'count' | 'bytes' | 'rate' | 'milliseconds';

export type NumberRow = Described & { readonly kind: NumberKind; readonly range: Range; readonly default?: number };

/** Milliseconds in code and records. In a file and on the command line it has a unit (`250ms`), so its name needs none. */
export type DurationRow = Described & {
  readonly kind: 'duration';
  readonly yaml: string;
  readonly range: Range;
  readonly default?: number;
};

/** A list of different durations. */
export type DurationsRow = Described & {
  readonly kind: 'durations';
  readonly yaml: string;
  /** Of each duration. */
  readonly range: Range;
  /** How many there may be. */
  readonly length: Range;
};

/** Instants of a trace in milliseconds, in order. */
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

/** The path of a file. Only options take one. */
type FileRow = Described & { readonly kind: 'file' };

/** A group of fields, whose parts have rows of their own in `fields.ts`. */
export type GroupRow<Kind extends 'arrivals' | 'payload' | 'inputs' = 'arrivals' | 'payload' | 'inputs'> = Described & {
  readonly kind: Kind;
};

/** Everything that a value on the command line can be read by. */
export type OptionRow = NumberRow | DurationRow | FlagRow | ChoiceRow | FileRow;

export type FieldOption = {
  /** As commander takes it: `--hold <duration>`. */
  readonly flags: `--${string}`;
  /** The heading of `pvw run --help` that it stands under. */
  readonly group: 'Load' | 'Transports' | 'Time';
  /** What people run into; said behind the default. */
  readonly caveat?: string;
  /** What the option sets, where that is only a part of the field. */
  readonly part?: OptionRow;
};

/** The row that a value of type `T` needs: a wrong kind is a type error. */
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
          : [T] extends [Inputs]
            ? GroupRow<'inputs'>
            : [T] extends [string]
              ? string extends T
                ? TextRow
                : ChoiceRow<T>
              : never;

export type OptionalKey<T> = { [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never }[keyof T];

type OptionalMark<T, K extends keyof T> =
  K extends OptionalKey<T> ? { readonly optional: true } : { readonly optional?: never };

/** A row for each part of `T`, none missing and none too many. */
export type PartsOf<T> = { readonly [K in keyof T]-?: RowOf<Exclude<T[K], undefined>> };

/** Beside that, what only whole fields have. */
export type FieldsOf<T> = {
  readonly [K in keyof T]-?: RowOf<Exclude<T[K], undefined>> &
    Told &
    OptionalMark<T, K> & {
      /** A scenario file has to give it, unless it extends a scenario. */
      readonly needed?: true;
      /** A field that no longer holds once this one is given. */
      readonly replaces?: OptionalKey<T>;
    };
};
