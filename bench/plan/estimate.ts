import type { Transport } from '../../protocol/transport.ts';
import { longestPollIntervalMs } from '../../scenarios/scenario.ts';
import { connectPerSecond, publishBacklogMs, stillMsOf } from './overheads.ts';
import type { PlannedScenario, PlannedTrial } from './plan.ts';

/** Milliseconds that a trial takes besides warm-up and window, as measured on two cores. */
const startMs = 900;
const connectedMs = 400;
/** One quiet edge, besides the time for which counters have to stand still. */
const quietWaitMs = 150;
/** Once per run: bundling the programs of the measured processes, and the last report. */
const runMs = 1500;

/** Estimated milliseconds that the trials of a run take. Good enough to decide whether to wait. */
export function estimateMs(trials: readonly PlannedTrial[]): number {
  return trials.reduce((sum, trial) => sum + estimateTrialMs(trial), runMs);
}

/**
 * Estimated milliseconds that one trial takes: processes, connecting, warm-up, window, quiet edges, drain. Without those
 * that go on with it; one that does so itself has its processes and connections already.
 */
export function estimateTrialMs(
  trial: Pick<PlannedTrial, 'planned' | 'transport' | 'rttMs' | 'link' | 'route' | 'via'>,
) {
  const { planned, transport, rttMs } = trial;
  const quietMs = quietWaitMs + stillMsOf(trial);
  const windowMs = planned.durationMs + 2 * quietMs + drainMs(planned, transport, rttMs);
  if (planned.goesOn) return windowMs;
  const connectMs = connectedMs + (planned.scenario.clients / connectPerSecond(trial.route)) * 1000;
  return startMs + connectMs + quietMs + planned.warmupMs + windowMs;
}

/**
 * Short polling may take one more interval until the last update is seen, the other transports a round trip. Queued
 * publishes may come on top.
 */
function drainMs({ scenario, warmupMs, durationMs }: PlannedScenario, transport: Transport, rttMs: number): number {
  const backlogMs = transport === 'websocket' ? 0 : publishBacklogMs(scenario, rttMs, warmupMs + durationMs);
  return rttMs + backlogMs + (transport === 'short-polling' ? longestPollIntervalMs(scenario) : 0);
}
