import type { Bundle } from '../../bench/local/bundle.ts';
import type { Transport } from '../../protocol/transport.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { type OracleResult, type OracleTrial, oracleScenario, runOracleTrial, withPrograms } from './oracle-trial.ts';
import { type Stall, stallProcess } from './stall.ts';

const windowMs = 20_000;
const stallMs = 1_000;
const perSecond = 100;
/** When in the window the server stops, in milliseconds: anywhere but at its ends. */
const stallAtMs = 9_500;

export type StalledTrial = {
  readonly transport: Transport;
  readonly result: OracleResult;
  readonly stall: Stall;
  readonly truth: Expectation;
};

/**
 * A 20 s window under 100 updates a second in which the server is stopped once for 1 s. One transport at a time: next
 * to another trial, the last percentiles before the stall would be those of the queue for two cores.
 */
export function runStalledTrial(transport: Transport): Promise<StalledTrial> {
  return withPrograms((bundle) => runStalled(transport, bundle));
}

async function runStalled(transport: Transport, bundle: Bundle): Promise<StalledTrial> {
  let stalled: Promise<Stall> | undefined;
  const trial: OracleTrial = {
    scenario: oracleScenario({ clients: 4, arrivals: { kind: 'poisson', perSecond } }),
    transport,
    durationMs: windowMs,
    warmupMs: 2_000,
    seed: 'stall',
    intervene: ({ serverPid, clock }) => ({
      window: (startUs) => {
        stalled = stallProcess(serverPid(), clock(), startUs + stallAtMs * 1000, stallMs);
      },
    }),
  };
  const result = await runOracleTrial(trial, bundle);
  const stall = await stalled!;
  return { transport, result, stall, truth: expectationOf(trial, result, { stall }) };
}
