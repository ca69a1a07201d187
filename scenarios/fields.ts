import { defaultLimits } from '../protocol/limits.ts';
import type { FieldsOf, PartsOf } from './field.ts';
import { type Arrivals, type Payload, payloadKinds, type Scenario, type Times } from './scenario.ts';

/**
 * Every field of a scenario, declared once: defaults, ranges, YAML form, JSON Schema, error texts, options of `pvw
 * run`, the schema of records and the lines of the report all come from these rows. Plain data without imports of
 * libraries, because the measured processes load it.
 */

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** Bytes of an encoded publish beside the payload. Generous, since JSON writes numbers as decimal text. */
const publishHeadBytes = 1024;

/** The largest publish that a server accepts bounds every payload, including those of a source. */
export const largestPayloadBytes = defaultLimits.publishBytes - publishHeadBytes;

export const payloadFields = {
  kind: { kind: 'choice', words: payloadKinds, help: 'what the bytes look like' },
  bytes: {
    kind: 'bytes',
    range: [1, largestPayloadBytes],
    help: 'of each update, encoding and headers not counted',
  },
} as const satisfies PartsOf<Payload>;

const perSecond = {
  kind: 'rate',
  range: [0.001, 10_000],
  help: 'mean rate in each channel, or of each client for inputs',
} as const;

type ArrivalsFields = {
  readonly [Kind in Arrivals['kind']]: PartsOf<Omit<Extract<Arrivals, { kind: Kind }>, 'kind'>>;
};

/** Fields of each kind of arrivals. */
export const arrivalsFields = {
  constant: { perSecond },
  poisson: { perSecond },
  bursts: {
    perSecond: { ...perSecond, help: 'bursts per second, each of `size` updates' },
    size: { kind: 'count', range: [1, 10_000], help: 'updates of a burst' },
    gapMs: { kind: 'duration', yaml: 'gap', range: [0, 10 * second], help: 'between two updates of a burst' },
  },
  trace: {
    instantsMs: {
      kind: 'instants',
      range: [0, day],
      length: [1, 100_000],
      help: 'instead of file: milliseconds from the start, none earlier than the one before',
    },
    lengthMs: {
      kind: 'milliseconds',
      range: [0.001, 2 * day],
      help: 'with instantsMs: when the trace begins again',
    },
  },
} as const satisfies ArrivalsFields;

/** In the order in which scenario files are read and records written. */
export const scenarioFields = {
  name: { kind: 'name', longest: 64, help: 'names it in results; no built-in scenario may have it', shown: 'prose' },
  title: { kind: 'text', longest: 120, help: 'heading in the report', otherwise: 'the name', shown: 'prose' },
  summary: { kind: 'text', longest: 500, help: 'one or two sentences for the reader of the report', shown: 'prose' },
  clients: {
    kind: 'count',
    needed: true,
    range: [1, 1_000_000],
    help: 'clients in all',
    shown: { within: 'Clients' },
    options: [
      { flags: '--clients <number>', group: 'Load', caveat: 'the open-files limit bounds them, see pvw doctor' },
    ],
  },
  channels: {
    kind: 'count',
    range: [1, 100_000],
    default: 1,
    help: 'channels the clients spread over',
    shown: { within: 'Clients' },
    options: [{ flags: '--channels <number>', group: 'Load', caveat: 'at most one per client' }],
  },
  origin: {
    kind: 'choice',
    words: ['server', 'client'],
    default: 'server',
    help: 'who makes the updates',
    shown: { within: 'Published by' },
  },
  arrivals: {
    kind: 'arrivals',
    needed: true,
    help: 'when updates happen',
    shown: { within: 'Updates' },
    options: [
      {
        flags: '--rate <number>',
        group: 'Load',
        caveat: 'not together with --trace',
        part: { ...perSecond, help: 'updates per second and channel, mean' },
      },
      {
        flags: '--trace <file>',
        group: 'Load',
        part: {
          kind: 'file',
          help: 'replay recorded arrivals in each channel: milliseconds from the start, one per line',
        },
      },
    ],
  },
  payload: {
    kind: 'payload',
    needed: true,
    help: 'what an update carries',
    shown: { within: 'Payload' },
    options: [
      {
        flags: '--payload-bytes <number>',
        group: 'Load',
        part: { ...payloadFields.bytes, help: `bytes of one update's payload, up to ${largestPayloadBytes}` },
      },
    ],
  },
  semantics: {
    kind: 'choice',
    words: ['every', 'latest'],
    default: 'every',
    help: 'every: all updates arrive, in order; latest: a newer one replaces an older one',
    shown: { within: 'What may be missed' },
  },
  encoding: {
    kind: 'choice',
    words: ['json', 'binary'],
    default: 'json',
    help: 'of an update',
    shown: { within: 'Payload' },
  },
  echo: {
    kind: 'flag',
    default: false,
    help: 'whether a publisher gets its own update',
    shown: { within: 'Published by' },
  },
  inputs: {
    kind: 'messages',
    optional: true,
    help: 'messages of each client that the server consumes and no client receives',
    otherwise: 'none',
    shown: { within: 'Upward' },
  },
  broadcast: {
    kind: 'messages',
    optional: true,
    help: 'updates for all clients at once, one in every channel',
    otherwise: 'none',
    shown: { within: 'Broadcast' },
  },
  pollIntervalMs: {
    kind: 'duration',
    yaml: 'pollInterval',
    range: [10, 10 * minute],
    default: second,
    help: 'short polling asks this often',
    // A single interval for all clients replaces cohorts.
    replaces: 'pollCohortsMs',
    shown: { within: 'Short polling asks every' },
    options: [
      {
        flags: '--poll-interval <duration>',
        group: 'Transports',
        caveat: 'half of it is the mean delay it adds',
      },
    ],
  },
  pollCohortsMs: {
    kind: 'durations',
    yaml: 'pollCohorts',
    optional: true,
    range: [10, 10 * minute],
    length: [2, 20],
    help: 'short-polling clients in equal parts, one for each interval, instead of one pollInterval for all',
    example: '[200ms, 1s, 5s]',
    shown: { within: 'Short polling asks every' },
  },
  holdMs: {
    kind: 'duration',
    yaml: 'hold',
    range: [100, defaultLimits.holdMs],
    default: 25 * second,
    help: 'long polling holds a request this long at most',
    shown: { line: 'Long polling holds up to' },
    options: [{ flags: '--hold <duration>', group: 'Transports', caveat: 'proxies often cut at 60s' }],
  },
  heartbeatMs: {
    kind: 'duration',
    yaml: 'heartbeat',
    range: [100, 10 * minute],
    default: 25 * second,
    help: 'silence after which WebSocket pings and SSE comments',
    shown: { line: 'Heartbeat after' },
    options: [{ flags: '--heartbeat <duration>', group: 'Transports', caveat: 'decides sparse scenarios' }],
  },
} as const satisfies FieldsOf<Scenario>;

const byProfile = "the profile's";

/** How long and how often a scenario is measured; a scenario file may set these too. */
export const timeFields = {
  durationMs: {
    kind: 'duration',
    yaml: 'duration',
    range: [500, 60 * minute],
    help: 'measured window of a trial',
    otherwise: byProfile,
    example: '8s',
    shown: { within: 'Measured' },
    options: [{ flags: '--duration <duration>', group: 'Time' }],
  },
  warmupMs: {
    kind: 'duration',
    yaml: 'warmup',
    range: [0, 10 * minute],
    help: 'before the window',
    otherwise: byProfile,
    example: '5s',
    shown: { within: 'Measured' },
    options: [
      { flags: '--warmup <duration>', group: 'Time', caveat: 'below 5s CPU figures still contain compilation' },
    ],
  },
  repeats: {
    kind: 'count',
    range: [1, 100],
    help: 'trials of each scenario and transport',
    otherwise: byProfile,
    example: '3',
    shown: { within: 'Measured' },
    options: [{ flags: '--repeats <number>', group: 'Time', caveat: 'below 3 there are no verdicts' }],
  },
} as const satisfies FieldsOf<Times>;

export type FieldRow = FieldsOf<Scenario>[keyof Scenario] | FieldsOf<Times>[keyof Times];

type Declared = typeof scenarioFields & typeof timeFields;

type OptionIn<Row> = Row extends { readonly options: readonly (infer Option)[] } ? Option : never;
type Flags = Extract<OptionIn<Declared[keyof Declared]>, { readonly flags: string }>['flags'];

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;
type NameIn<F extends string> = F extends `--${infer Name} <${string}`
  ? Camel<Name>
  : F extends `--${infer Name}`
    ? Camel<Name>
    : never;
type ValueIn<F extends string> = F extends `${string}<number>` | `${string}<duration>`
  ? number
  : F extends `${string}<${string}>`
    ? string
    : true;

/** Values of the fields' options under commander's keys, such as `pollInterval`. */
export type FieldOptionValues = { readonly [F in Flags as NameIn<F>]?: ValueIn<F> };

/** Name of a field in a scenario file. Durations are written with their unit there, so their names have none. */
export function yamlName(key: string, row: FieldRow): string {
  return 'yaml' in row ? row.yaml : key;
}

/** The option as typed: `--poll-interval`. */
export function optionName(flags: `--${string}`): string {
  return flags.split(' ')[0]!;
}

/** The key that commander stores an option under: `pollInterval`. */
export function optionKey(flags: `--${string}`): string {
  return optionName(flags)
    .slice(2)
    .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
