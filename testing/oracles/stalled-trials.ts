import type { Bundle } from '../../bench/local/bundle.ts';
import type { Transport } from '../../protocol/transport.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import { type OracleResult, type OracleTrial, oracleScenario, runOracleTrial, withPrograms } from './oracle-trial.ts';
import { type Stall, stallProcess } from './stall.ts';

/** A constant mean rate of updates for some seconds, in which the server is stopped once. */
export type StalledWindow = {
  readonly perSecond: number;
  readonly seconds: number;
  /** Milliseconds into the window: anywhere but at its ends. */
  readonly stallAtMs: number;
  readonly stallMs: number;
};

export type StalledTrial = {
  readonly transport: Transport;
  readonly result: OracleResult;
  readonly stall: Stall;
  readonly truth: Expectation;
};

/**
 * One trial in whose window the server is stopped once. One transport at a time: next to another trial, the last
 * percentiles before the stall would be those of the queue for two cores.
 */
export function runStalledTrial(transport: Transport, window: StalledWindow): Promise<StalledTrial> {
  return withPrograms((bundle) => runStalled(transport, window, bundle));
}

async function runStalled(
  transport: Transport,
  { perSecond, seconds, stallAtMs, stallMs }: StalledWindow,
  bundle: Bundle,
): Promise<StalledTrial> {
  let stalled: Promise<Stall> | undefined;
  const trial: OracleTrial = {
    scenario: oracleScenario({ clients: 4, arrivals: { kind: 'poisson', perSecond } }),
    transport,
    durationMs: seconds * 1000,
    warmupMs: 1_000,
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
