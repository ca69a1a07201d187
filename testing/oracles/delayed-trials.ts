import { join } from 'node:path';
import type { Bundle } from '../../bench/local/bundle.ts';
import type { Transport } from '../../protocol/transport.ts';
import { type DelayingBackplane, startDelayingBackplane } from './delaying-backplane.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { type OracleResult, type OracleTrial, oracleScenario, runOracleTrial, withPrograms } from './oracle-trial.ts';

export type DelayedTrial = {
  readonly transport: Transport;
  readonly result: OracleResult;
  readonly truth: Expectation;
};

/**
 * Runs a trial with a server that gets each update `delayMs` after its intended instant. One transport at a time: next
 * to another trial, the last percentiles would be those of the queue for two cores.
 */
export function runDelayedTrial(transport: Transport, delayMs: number): Promise<DelayedTrial> {
  return withPrograms((bundle) => runDelayed(transport, delayMs, bundle));
}

async function runDelayed(transport: Transport, delayMs: number, bundle: Bundle): Promise<DelayedTrial> {
  let backplane: DelayingBackplane | undefined;
  const trial: OracleTrial = {
    // Sparse enough that a client's view is mostly fresh, so that stale time is tested too. Poisson, because constant
    // arrivals and polls lock in phase, and their percentiles jump.
    scenario: oracleScenario({
      clients: 20,
      channels: 20,
      arrivals: { kind: 'poisson', perSecond: 4 },
      pollIntervalMs: 100,
    }),
    transport,
    durationMs: 5_000,
    warmupMs: 1_000,
    seed: 'delay',
    intervene: ({ directory, clock }) => ({
      server: async (config) => {
        const serverPath = join(directory, 'behind.sock');
        backplane = await startDelayingBackplane(config.backplanePath!, serverPath, delayMs, clock());
        return { ...config, backplanePath: serverPath };
      },
    }),
  };
  try {
    const result = await runOracleTrial(trial, bundle);
    return { transport, result, truth: expectationOf(trial, result, { delayMs }) };
  } finally {
    await backplane?.close();
  }
}
