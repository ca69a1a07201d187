import type { Objective } from '../../results/schema/capacity-schema.ts';
import { formatDuration, roundedDuration } from '../../text/duration.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';
import type { OptionsOf } from '../options/declaration.ts';
import { decimalNumber, duration, oneOf, type Parse, wholeNumber } from '../options/options.ts';
import type { RunDeclarations } from '../options/run-declaration.ts';
import { runOutput } from '../options/run-options.ts';
import { type RunRequest, requestGroups } from '../options/run-request.ts';

const minute = 60_000;
const usualWithinMs = 60 * minute;
const longestWithinMs = 7 * 24 * 60 * minute;
const mostSearches = 20;
const mostLoad = 100_000_000;
const mostCpus = 64;

/** The options that `pvw capacity` has besides some of `pvw run`. */
const ownOptions = {
  slo: {
    takes: '<objective>',
    parse: objectiveOf,
    help: "what has to hold, such as 'latency.p99<250ms' (quote it for the shell); p50, p90, p95, p99 or p99.9",
    kind: 'run',
  },
  over: {
    takes: '<axis>',
    parse: (flag) => oneOf(flag, ['clients', 'rate'] as const),
    help: 'what is raised until it no longer holds: clients, or rate (updates a second in each channel)',
    kind: 'run',
  },
  from: {
    takes: '<number>',
    parse: (flag) => decimalNumber(flag, 0.001, mostLoad),
    help: 'the least load that is tried',
    default: 'the clients or the rate of the scenario',
    kind: 'run',
  },
  to: {
    takes: '<number>',
    parse: (flag) => decimalNumber(flag, 0.001, mostLoad),
    help: 'the most that is tried',
    default: 'what this machine can hold',
    kind: 'run',
  },
  searches: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, 1, mostSearches),
    help: 'searches of each transport, in turns, to see how far they agree',
    default: '1',
    kind: 'run',
  },
  serverCpus: {
    takes: '<number>',
    parse: (flag) => decimalNumber(flag, 0.05, mostCpus),
    help: 'CPUs that servers and proxy may use together, such as 0.5, so that the load side is not full before they are',
    default: 'all of their cores',
    kind: 'run',
  },
  /** Milliseconds. */
  within: {
    takes: '<duration>',
    parse: (flag) => duration(flag, minute, longestWithinMs),
    help: 'when to end with what is known',
    default: `${formatDuration(usualWithinMs)}, ${roundedDuration(usualWithinMs)}`,
    kind: 'run',
  },
} as const satisfies RunDeclarations;

/** Options of `pvw run` that say how often, how long and what for its trials are; here the search decides that. */
const left: ReadonlySet<string> = new Set([
  'profile',
  'aa',
  'paths',
  'storm',
  'duration',
  'repeats',
  'reference',
  'threshold',
]);

export type CapacityOptions = OptionsOf<typeof ownOptions> & RunRequest & OptionsOf<typeof runOutput>;

/** Every group of options of `capacity`, in the order of the help. */
export const capacityGroups: Readonly<Record<string, RunDeclarations>> = {
  Search: ownOptions,
  ...Object.fromEntries(
    Object.entries({ ...requestGroups, Output: runOutput }).map(([heading, table]) => [heading, kept(table)]),
  ),
};

export const capacityOptions: RunDeclarations = Object.assign({}, ...Object.values(capacityGroups));

function kept(table: RunDeclarations): RunDeclarations {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !left.has(key)));
}

export function withinOf({ within }: Pick<CapacityOptions, 'within'>): number {
  return within ?? usualWithinMs;
}

const quantiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999 };
const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000 };

/** Reads `latency.p99<250ms`. */
function objectiveOf(flag: string): Parse<Objective> {
  return (text) => {
    const [, name, amount, unit] =
      /^latency\.(p\d{2}(?:\.\d)?)\s*<\s*(\d{1,9}(?:\.\d{1,6})?)\s*(us|ms|s)$/.exec(text.trim()) ?? [];
    const quantile = name === undefined ? undefined : quantiles[name];
    const allowed = `latency.${Object.keys(quantiles).join(', latency.')}, then < and a time in us, ms or s, such as latency.p99<250ms`;
    if (quantile === undefined) throw notAllowed(flag, text, allowed, 'is no objective that can be searched for');
    const limitMs = Number(amount) * unitMs[unit!]!;
    if (limitMs <= 0) throw new UsageError(`${flag}: no update arrives within ${amount} ${unit}; give more than 0`);
    return { quantile, limitMs };
  };
}
