import type { Transport } from '../protocol/transport.ts';
import type { Scenario } from '../scenarios/scenario.ts';

/** One scenario of a run with the time it gets. `repeats: 1` is shown once and never judged. */
export type PlannedScenario = {
  readonly scenario: Scenario;
  readonly repeats: number;
  readonly durationMs: number;
  readonly warmupMs: number;
};

/** Everything a run is going to do, decided before anything starts. Pure data. */
export type Plan = {
  readonly profile: string;
  readonly seed: string;
  readonly transports: readonly Transport[];
  readonly rttMs: number;
  readonly scenarios: readonly PlannedScenario[];
};

/** One scenario × transport, once, with fresh processes. */
export type PlannedTrial = {
  readonly block: number;
  readonly position: number;
  readonly planned: PlannedScenario;
  readonly transport: Transport;
  readonly rttMs: number;
  /** The same for all trials of a block: the same arrivals and phases. */
  readonly seed: string;
};
