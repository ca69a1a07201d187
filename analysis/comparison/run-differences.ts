import { isDeepStrictEqual } from 'node:util';
import type { PlannedScenario, RunRecord } from '../../results/schema/schema.ts';
import { fieldValue, keysOf } from '../../scenarios/define-scenario.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { routeNames } from '../figures/run-routes.ts';

/** Something that differs between two runs, with both values as text. Texts come from the files unchanged. */
export type Difference = { readonly what: string; readonly a: string; readonly b: string };

type Read<T> = (from: T) => unknown;

/**
 * What tells machines apart. If any of it differs, CPU times and latencies say as much about the machine as about the
 * code.
 */
const machine: Readonly<Record<string, Read<RunRecord>>> = {
  platform: ({ environment }) => environment.platform,
  CPU: ({ environment }) => environment.cpuModel,
  cores: ({ environment }) => environment.cores,
  'memory in bytes': ({ environment }) => environment.memoryBytes,
  virtualisation: ({ environment }) => environment.virtualisation,
  'limits of the control group': ({ environment }) => environment.cgroup,
  'frequency governor': ({ environment }) => environment.governor,
};

/** Other circumstances that may explain a difference, the gravest first. */
const circumstances: Readonly<Record<string, Read<RunRecord>>> = {
  kernel: ({ environment }) => environment.kernel,
  'Node.js': ({ environment }) => environment.node,
  'congestion control': ({ environment }) => environment.congestionControl,
  'clock source': ({ environment }) => environment.clockSource,
  'interrupt time accounting': ({ environment }) => environment.irqTimeAccounting,
  'cores kept awake': ({ environment }) => environment.coresKeptAwake,
  'pinned to cores': ({ environment }) => environment.pinned,
  network: ({ plan }) => plan.network,
  'jitter in ms': ({ plan }) => plan.link.jitterMs,
  'bits per second': ({ plan }) => plan.link.bandwidthBitsPerSecond,
  'bits per second on the way up': ({ plan: { link } }) => link.upBandwidthBitsPerSecond ?? link.bandwidthBitsPerSecond,
  'share of packets lost': ({ plan }) => plan.link.lossShare,
  transports: ({ plan }) => plan.transports.join(', '),
  'other paths': (record) => routeNames(record).slice(1).join(', ') || 'none',
  profile: ({ profile }) => profile,
  seed: ({ seed }) => seed,
  libraries: ({ environment }) => environment.libraries,
  'pvw version': ({ version }) => version,
  commit: ({ environment }) => environment.gitCommit,
};

type RunDifferences = { readonly machine: readonly Difference[]; readonly other: readonly Difference[] };

/** What differs between two runs as a whole, in the order in which it matters. */
export function runDifferences(a: RunRecord, b: RunRecord): RunDifferences {
  return {
    machine: knownDifferences(machine, a, b),
    other: [...knownDifferences(circumstances, a, b), ...settings(a, b)],
  };
}

/** Fields that either record lacks, as those of earlier versions do, are no difference. */
function knownDifferences(reads: typeof machine, a: RunRecord, b: RunRecord): readonly Difference[] {
  const known = Object.entries(reads).filter(([, read]) => read(a) !== undefined && read(b) !== undefined);
  return differences(Object.fromEntries(known), a, b);
}

/** Kernel settings one by one: as a single value, a dozen of them would hide the one that differs. */
function settings(a: RunRecord, b: RunRecord): readonly Difference[] {
  const names = Object.keys({ ...a.environment.sysctls, ...b.environment.sysctls });
  const reads = names.map((name) => [name, ({ environment }: RunRecord) => environment.sysctls?.[name]] as const);
  return knownDifferences(Object.fromEntries(reads), a, b);
}

type Scenario = PlannedScenario['scenario'];

/**
 * The parameters in which two scenarios differ. Other parameters ask another question, so the answers cannot be
 * compared. Prose is not a parameter.
 */
export function parameterDifferences(a: Scenario, b: Scenario): readonly Difference[] {
  const asked = keysOf(scenarioFields).filter((key) => scenarioFields[key].shown !== 'prose');
  return differences(
    Object.fromEntries(asked.map((key) => [key, (scenario: Scenario) => fieldValue(scenario, key)])),
    a,
    b,
  );
}

/**
 * Differences in how long and how often a scenario was measured. They change only the precision of the figures, so such
 * scenarios can be compared.
 */
export function timeDifferences(a: PlannedScenario, b: PlannedScenario): readonly Difference[] {
  return differences(
    {
      'window in ms': ({ durationMs }: PlannedScenario) => durationMs,
      'warm-up in ms': ({ warmupMs }: PlannedScenario) => warmupMs,
      repeats: ({ repeats }: PlannedScenario) => repeats,
    },
    a,
    b,
  );
}

function differences<T>(reads: Readonly<Record<string, Read<T>>>, a: T, b: T): readonly Difference[] {
  return Object.entries(reads)
    .map(([what, read]) => ({ what, a: read(a), b: read(b) }))
    .filter((each) => !isDeepStrictEqual(each.a, each.b))
    .map((each) => ({ what: each.what, a: text(each.a), b: text(each.b) }));
}

function text(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
