import type { Transport } from '../protocol/transport.ts';
import { longestPollIntervalMs, type Scenario } from '../scenarios/scenario.ts';
import { type Plan, type PlannedTrial, planTrials } from './plan.ts';

/** Milliseconds that a trial takes beside warm-up and window, as measured on two cores. */
const startMs = 900;
const connectedMs = 400;
/** Clients connect at a bounded rate of 1,000 per second. */
const connectMsPerClient = 1;
const quietWaitsMs = 1200;
/** Once per run: bundling what the measured processes execute, and the last report. */
const runMs = 1500;

/** Milliseconds a plan takes, all trials and what lies around them. Exact enough to decide whether to wait. */
export function estimateMs(plan: Plan): number {
  return planTrials(plan).reduce((sum, trial) => sum + estimateTrialMs(trial), runMs);
}

/** Milliseconds one trial takes: processes, connecting, warm-up, window, quiet edges, drain. */
export function estimateTrialMs({ planned, transport, rttMs }: Pick<PlannedTrial, 'planned' | 'transport' | 'rttMs'>) {
  const { scenario, warmupMs, durationMs } = planned;
  const connectMs = connectedMs + scenario.clients * connectMsPerClient;
  return startMs + connectMs + warmupMs + durationMs + quietWaitsMs + drainMs(scenario, transport, rttMs);
}

/** A client that polls learns of the last update with its next poll; the others a round trip later at most. */
function drainMs(scenario: Scenario, transport: Transport, rttMs: number): number {
  return rttMs + (transport === 'short-polling' ? longestPollIntervalMs(scenario) : 0);
}
