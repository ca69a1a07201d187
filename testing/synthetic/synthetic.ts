import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Transport } from '../../protocol/transport.ts';
import { askedOfCommand } from '../../results/schema/asked-of-command.ts';
import {
  type CompletedTrial,
  type FailedTrial,
  type LinkRecord,
  type PlannedScenario,
  type RouteRecord,
  type Run,
  type RunRecord,
  schemaVersion,
  type TrialRecord,
} from '../../results/schema/schema.ts';
import type { Point } from '../../scenarios/point.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { overRoute } from './synthetic-routes.ts';
import { syntheticScenarios } from './synthetic-scenarios.ts';
import { type Random, syntheticTrial } from './synthetic-trial.ts';

/** For tests only: options of a plausible run, which is made from a seed. None of its figures was measured. */
export type SyntheticOptions = {
  readonly seed?: number;
  /** Repeats of the first scenario, at each of its points; the others run once. */
  readonly repeats?: number;
  readonly transports?: readonly Transport[];
  readonly scenarios?: readonly Scenario[];
  readonly rttMs?: number;
  /** Each scenario is planned at each of these points. The axes `clients` and `rttMs` change what is measured. */
  readonly points?: readonly Point[];
  readonly durationMs?: number;
  /** Each block has every transport over each of these; the first is the main one. Absent: only the direct path. */
  readonly routes?: readonly RouteRecord[];
  /** Every transport twice in each block, as arms A and B. */
  readonly aa?: boolean;
  readonly status?: RunRecord['status'];
  /** How many trials have ended; absent: all. */
  readonly ended?: number;
  /** Changes a trial, or makes it fail with `failedFrom`. */
  readonly alter?: (trial: CompletedTrial, index: number) => TrialRecord;
};

const transports: readonly Transport[] = ['short-polling', 'long-polling', 'sse', 'websocket'];

export function syntheticRun(options: SyntheticOptions = {}): Run {
  const record = syntheticRecord(options);
  const generator = xoroshiro128plus(options.seed ?? 1);
  const random: Random = () => uniformFloat64(generator);
  // Round by round: every scenario once, then every scenario again.
  const rounds = Array.from({ length: options.repeats ?? 3 }, (_, round) =>
    workloadsOf(options).flatMap((workload, index) => {
      const planned = record.plan.scenarios[index]!;
      return round < planned.repeats ? [{ ...workload, planned }] : [];
    }),
  );
  const blocks = rounds.flat();
  const firstBlocks = record.plan.scenarios.length;
  const arms = options.aa ? (['A', 'B'] as const) : [undefined];
  const routes = options.routes ?? [undefined];
  const entrants = routes.flatMap((route) =>
    record.plan.transports.flatMap((transport) => arms.map((arm) => ({ transport, arm, route }))),
  );
  const trials = blocks.flatMap(({ scenario, point, planned }, block) =>
    entrants.map(({ transport, arm, route }, position) => {
      const { rttMs } = planned.link ?? record.plan.link;
      const spot = { scenario, point, transport, rttMs, seconds: planned.durationMs / 1000 };
      const plain = { ...syntheticTrial(spot, { block, position }, random), ...(arm && { arm }) };
      const trial = route ? overRoute(plain, route, block < firstBlocks ? 0 : 1) : plain;
      // As in a real run, only the first repeat has them.
      return block < firstBlocks ? trial : { ...trial, exchange: null, specimen: null };
    }),
  );
  const ended = trials.slice(0, options.ended ?? trials.length);
  return { record, trials: ended.map((trial, index) => options.alter?.(trial, index) ?? trial) };
}

/** The same trial as if it had failed. */
export function failedFrom(trial: CompletedTrial, stage: FailedTrial['stage'], reason: string): FailedTrial {
  const { block, position, scenario, point, transport, path, seed, startedAt } = trial;
  const head = { schemaVersion, block, position, scenario, point, transport, path, seed, startedAt } as const;
  return { ...head, status: 'failed', stage, reason };
}

function syntheticRecord(options: SyntheticOptions): RunRecord {
  const status = options.status ?? 'completed';
  const used = options.transports ?? transports;
  const command = ['pvw', 'run', '--profile', 'quick', '--seed', '42'];
  const entrants = (options.aa ? 2 : 1) * (options.routes?.length ?? 1);
  const scenarios = workloadsOf(options).map(({ scenario, point, isFirst }) => ({
    // The schema's arrays are mutable, the scenario's are not.
    scenario: structuredClone(scenario) as PlannedScenario['scenario'],
    point,
    ...(point.rttMs !== undefined && { link: linkWith(point.rttMs) }),
    repeats: isFirst ? (options.repeats ?? 3) : 1,
    durationMs: options.durationMs ?? 8_000,
    warmupMs: 5_000,
  }));
  return {
    schemaVersion,
    name: 'quick',
    version: '0.0.0-synthetic',
    status,
    profile: 'quick',
    command,
    asked: askedOfCommand({ command, profile: 'quick', plan: { scenarios } }),
    seed: '42',
    startedAt: '2025-01-31T12:00:00.000Z',
    endedAt: status === 'running' ? null : '2025-01-31T12:04:31.000Z',
    plan: {
      transports: [...used],
      network: 'loopback',
      link: linkWith(options.rttMs ?? 40),
      scenarios,
      trials: scenarios.reduce((sum, { repeats }) => sum + repeats * used.length * entrants, 0),
      ...(options.routes && { routes: [...options.routes] }),
      ...(options.aa && { aa: true }),
    },
    environment: {
      node: 'v20.19.0',
      v8: '11.3.244.8',
      platform: 'linux x64',
      kernel: '6.1.0',
      cpuModel: 'Synthetic CPU at 2.80 GHz',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      openFilesLimit: 20_000,
      congestionControl: 'cubic',
      pinned: true,
      libraries: { ws: '8.0.0', undici: '7.0.0' },
      gitCommit: '0123456789abcdef0123456789abcdef01234567',
      governor: 'performance',
      clockSource: 'tsc',
      clockResolutionNs: 40,
      virtualisation: 'none',
      cgroup: { cpuCores: null, memoryBytes: 4 * 2 ** 30 },
      load: [0.1, 0.2, 0.3],
      stealShare: 0,
      irqTimeAccounting: false,
      coresKeptAwake: true,
      sysctls: { 'net.ipv4.tcp_rmem': '4096 131072 6291456', 'net.core.somaxconn': '4096' },
    },
  };
}

type Workload = { readonly scenario: Scenario; readonly point: Point; readonly isFirst: boolean };

/** The scenarios at their points, in the plan's order. */
function workloadsOf({ scenarios = syntheticScenarios, points = [{}] }: SyntheticOptions): readonly Workload[] {
  return scenarios.flatMap((scenario, index) =>
    points.map((point) => ({
      scenario: { ...scenario, clients: point.clients ?? scenario.clients },
      point,
      isFirst: index === 0,
    })),
  );
}

function linkWith(rttMs: number): LinkRecord {
  return { rttMs, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0 };
}
