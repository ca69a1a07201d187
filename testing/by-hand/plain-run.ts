import {
  type PlannedScenario,
  type Run,
  type RunRecord,
  schemaVersion,
  type TrialRecord,
} from '../../results/schema/schema.ts';
import { plainScenario } from './plain-trial.ts';

/** The plan of `plainScenario`: three repeats of 30 s. */
export const plainPlan: PlannedScenario = {
  scenario: plainScenario,
  point: {},
  repeats: 3,
  durationMs: 30_000,
  warmupMs: 5_000,
};

/** A completed run of `plainPlan` over two transports, on a pinned machine. */
export const plainRecord: RunRecord = {
  schemaVersion,
  name: 'plain-run',
  version: '1.0.0',
  status: 'completed',
  profile: 'custom',
  command: ['pvw', 'run', 'plain'],
  asked: { profile: { value: 'custom', from: 'default' }, scenarios: [{ name: 'plain' }], options: [], sources: [] },
  seed: 'seed',
  startedAt: '2025-01-31T12:00:00.000Z',
  endedAt: '2025-01-31T12:10:00.000Z',
  plan: {
    transports: ['short-polling', 'websocket'],
    network: 'loopback',
    link: { rttMs: 0, jitterMs: 0, bandwidthBitsPerSecond: null, lossShare: 0 },
    scenarios: [plainPlan],
    trials: 6,
  },
  environment: {
    node: 'v20.19.0',
    v8: '11.3',
    platform: 'linux x64',
    kernel: '6.1.0',
    cpuModel: 'Plain CPU',
    cores: 2,
    memoryBytes: 8_000_000_000,
    openFilesLimit: 20_000,
    congestionControl: 'cubic',
    pinned: true,
    libraries: { ws: '8.0.0' },
    gitCommit: null,
  },
};

/** A run of these trials; `record` overrides fields of `plainRecord`. */
export function plainRun(trials: readonly TrialRecord[], record: Partial<RunRecord> = {}): Run {
  return { record: { ...plainRecord, ...record }, trials };
}
