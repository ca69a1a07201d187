import { z } from 'zod';
import type { AskedOption, AskedRecord, AskedScenario, OptionKind, ValueSource } from './asked-schema.ts';

/** The options of `pvw run` as of schema version 1. Frozen: options added later cannot occur in such a record. */
const optionsByKind: Readonly<Record<OptionKind, readonly string[]>> = {
  link: ['network', 'link', 'rtt', 'jitter', 'bandwidth', 'loss'],
  route: [
    ...['paths', 'tls', 'tls-resumption', 'http', 'proxy', 'nodes', 'balance', 'mistake', 'headers', 'cookie-bytes'],
    ...['compression', 'compression-context', 'listen', 'via'],
  ],
  trials: [
    ...['transport', 'aa', 'clients', 'channels', 'rate', 'payload-bytes', 'trace', 'poll-interval', 'hold'],
    ...['heartbeat', 'storm', 'duration', 'warmup', 'repeats'],
  ],
  run: ['profile', 'seed'],
  outcome: ['out', 'open', 'json', 'quiet', 'reference', 'threshold', 'export-csv', 'export-markdown'],
};
const kindOf: ReadonlyMap<string, OptionKind> = new Map(
  Object.entries(optionsByKind).flatMap(([kind, names]) => names.map((name) => [name, kind as OptionKind])),
);
const switches: readonly string[] = ['tls', 'compression', 'open', 'json', 'quiet'];
const repeatable = 'threshold';

/** The scenario fields that each option sets in every planned scenario. Later rows win: `--repeats` over `--aa`. */
const fieldsChangedBy: readonly (readonly [option: string, ...fields: string[]])[] = [
  ['aa', 'repeats'],
  ['clients', 'clients'],
  ['channels', 'channels'],
  ['rate', 'arrivals'],
  ['payload-bytes', 'payload'],
  ['trace', 'arrivals'],
  ['poll-interval', 'pollIntervalMs', 'pollCohortsMs'],
  ['hold', 'holdMs'],
  ['heartbeat', 'heartbeatMs'],
  ['duration', 'durationMs'],
  ['warmup', 'warmupMs'],
  ['repeats', 'repeats'],
];
const timeFields: readonly string[] = ['repeats', 'durationMs', 'warmupMs'];

/** The fields of a version 1 record that the options are read from. */
const version1 = z.object({
  command: z.array(z.string()),
  profile: z.string(),
  plan: z.object({ scenarios: z.array(z.object({ scenario: z.looseObject({ name: z.string() }) })) }),
});

type Version1 = z.infer<typeof version1>;

const nothingAsked: AskedRecord = {
  profile: { value: '', from: 'default' },
  scenarios: [],
  options: [],
  sources: [],
};

/**
 * `askedOfCommand` for unchecked JSON. Returns an empty record if the fields that it needs are missing or malformed;
 * the schema check rejects such a record later.
 */
export function askedOfJson(value: unknown): AskedRecord {
  const { success, data } = version1.safeParse(value);
  return success ? askedOfCommand(data) : nothingAsked;
}

/**
 * Reconstructs what a run of schema version 1 was asked for from its command line. Such a record does not hold the
 * parsed values of options, whether the times of a scenario file were its own or the profile's, nor always which file a
 * scenario came from; these are left out.
 */
export function askedOfCommand({ command, profile, plan }: Version1): AskedRecord {
  const { words, given } = readWords(command.slice(Math.max(1, command.indexOf('run') + 1)));
  const options = given.filter(
    ({ name }, at) => name === repeatable || !given.slice(at + 1).some((later) => later.name === name),
  );
  const planned = [...new Set(plan.scenarios.map(({ scenario }) => scenario.name))];
  const own = words.length === 0 ? [] : planned.filter((name) => !words.includes(name));
  return {
    profile: { value: profile, from: options.some(({ name }) => name === 'profile') ? 'option' : 'default' },
    scenarios: scenariosAsked([...new Set(words)], own),
    options: options.map(({ name, text }): AskedOption => ({ name, kind: kindOf.get(name) ?? 'outcome', text })),
    sources: plan.scenarios.flatMap(({ scenario }) => sourcesOf(scenario, own.includes(scenario.name), options)),
  };
}

type Given = { readonly name: string; readonly text: string | null };

/** Splits the words after `pvw run` into scenarios, and options with their values. */
function readWords(words: readonly string[]): { readonly words: readonly string[]; readonly given: readonly Given[] } {
  const scenarios: string[] = [];
  const given: Given[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') return { words: [...scenarios, ...words.slice(at + 1)], given };
    const [, name, text] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) scenarios.push(word);
    else if (text !== undefined || switches.includes(name)) given.push({ name, text: text ?? null });
    else given.push({ name, text: words[++at] ?? null });
  }
  return { words: scenarios, given };
}

/** `own`: the planned scenarios that came from files. */
function scenariosAsked(words: readonly string[], own: readonly string[]): AskedScenario[] {
  const files = words.filter(isFile);
  return words.map((word) => (isFile(word) ? { file: word, names: namesIn(word, files, own) } : { name: word }));
}

/**
 * The scenarios in `file`; empty if unknown. With several files, each is taken to hold one scenario if the numbers
 * match; otherwise some module holds several, and the assignment is unknown.
 */
function namesIn(file: string, files: readonly string[], own: readonly string[]): string[] {
  if (files.length === 1) return [...own];
  return files.length === own.length ? [own[files.indexOf(file)]!] : [];
}

function isFile(word: string): boolean {
  return /[/\\]/.test(word) || /\.(ya?ml|json|ts|m?js)$/i.test(word);
}

/** Where the fields of one scenario came from, one entry per source. */
function sourcesOf(
  { name, ...values }: Readonly<{ name: string }>,
  own: boolean,
  given: readonly Given[],
): readonly ValueSource[] {
  const changes = fieldsChangedBy.filter(([option]) => given.some((each) => each.name === option));
  const changedBy = new Map(changes.flatMap(([option, ...fields]) => fields.map((field) => [field, option] as const)));
  const byOptions = [...new Set(changedBy.values())].map((option): ValueSource => {
    const fields = [...changedBy].filter(([, by]) => by === option).map(([field]) => field);
    return { scenario: name, from: 'option', option, fields };
  });
  const unchanged = (field: string) => !changedBy.has(field);
  const ofScenario = Object.keys(values).filter(unchanged);
  const sources: readonly ValueSource[] = [
    { scenario: name, from: 'profile', fields: own ? [] : timeFields.filter(unchanged) },
    { scenario: name, from: own ? 'scenario file' : 'catalogue', fields: ofScenario },
    ...byOptions,
  ];
  return sources.filter(({ fields }) => fields.length > 0);
}
