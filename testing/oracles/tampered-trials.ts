import { type Transport, transports } from '../../protocol/transport.ts';
import { emissions } from '../../scenarios/schedule.ts';
import type { Tamper } from './message-editor.ts';
import { type OracleResult, type OracleTrial, oracleScenario, runOracleTrial, withPrograms } from './oracle-trial.ts';
import { startTamperingHop, type TamperingHop } from './tampering-hop.ts';

const scenario = oracleScenario({
  clients: 3,
  arrivals: { kind: 'poisson', perSecond: 50 },
  pollIntervalMs: 200,
});

const durationMs = 2_000;

export type TamperedTrial = {
  readonly transport: Transport;
  readonly result: OracleResult;
  readonly clients: number;
  /** The newest version. Versions count from 1, and all are in the window. */
  readonly versions: number;
};

/** Makes a `Tamper` for each connection. `versions`: how many updates the trial will have. */
export type Tampering = (versions: number) => () => Tamper;

/** Runs a trial over each of the transports, in parallel, in which a hop tampers with the updates. */
export function runTamperedTrials(
  tampering: Tampering,
  over: readonly Transport[] = transports,
): Promise<readonly TamperedTrial[]> {
  return withPrograms((bundle) =>
    Promise.all(
      over.map(async (transport) => {
        const seed = 'tampered/oracle/0';
        const versions = emissions({ kind: 'window', scenario, seed, durationUs: durationMs * 1000 }).length;
        let hop: TamperingHop | undefined;
        const trial: OracleTrial = {
          scenario,
          transport,
          durationMs,
          warmupMs: 0,
          seed: 'tampered',
          intervene: () => ({
            load: async (config) => {
              hop = await startTamperingHop(config.ports[0]!, transport, tampering(versions));
              return { ...config, ports: [hop.port] };
            },
          }),
        };
        try {
          const result = await runOracleTrial(trial, bundle);
          return { transport, result, clients: scenario.clients, versions };
        } finally {
          await hop?.close();
        }
      }),
    ),
  );
}
