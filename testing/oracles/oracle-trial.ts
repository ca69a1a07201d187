import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '../../bench/fleet/fleet.ts';
import { placeOf } from '../../bench/fleet/place.ts';
import { type Bundle, bundlePrograms } from '../../bench/local/bundle.ts';
import { createLocalFleet } from '../../bench/local/local-fleet.ts';
import { localHost } from '../../bench/local/local-host.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { readMachineLimits } from '../../bench/plan/capacity.ts';
import { planTrials } from '../../bench/plan/plan.ts';
import { runTrial } from '../../bench/trial/trial.ts';
import { type Clock, clockSince } from '../../machine/process/clock.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Intervention, interveneIn } from './oracle-fleet.ts';

/** A stream whose truth can be computed: emitted by the server, small text, nothing conflated. */
export function oracleScenario(changes: Partial<Scenario>): Scenario {
  return defineScenario({
    name: 'oracle',
    title: 'Oracle',
    summary: 'A stream whose figures are known beforehand.',
    clients: 10,
    arrivals: { kind: 'poisson', perSecond: 100 },
    payload: { kind: 'quotes', bytes: 150 },
    pollIntervalMs: 500,
    ...changes,
  });
}

/** A real trial in which an oracle can intervene. */
export type OracleTrial = {
  readonly scenario: Scenario;
  readonly transport: Transport;
  readonly durationMs: number;
  /** 0: versions count from the start of the window, and its first updates run code that was never run before. */
  readonly warmupMs: number;
  readonly seed: string;
  /** Called once before the trial, when none of its processes has started. */
  readonly intervene?: (surroundings: Surroundings) => Intervention;
};

export type Surroundings = {
  /** A directory for local sockets. */
  readonly directory: string;
  readonly serverPid: () => number;
  /** Readable once the server has been asked to start. */
  readonly clock: () => Clock;
};

export type OracleResult = {
  readonly record: CompletedTrial;
  /** The start of the window in microseconds of the trial's clock. */
  readonly startUs: number;
  readonly seed: string;
};

/** Bundles the programs of trials for `run`, which may use them for several trials in parallel. */
export async function withPrograms<T>(run: (bundle: Bundle) => Promise<T>): Promise<T> {
  const bundle = await bundlePrograms();
  try {
    return await run(bundle);
  } finally {
    await bundle.remove();
  }
}

/**
 * Runs one trial with fresh processes over the path without delay: at an RTT of 0 the truth contains only what the
 * oracle adds. Rejects with stage and reason if the trial fails.
 */
export async function runOracleTrial(trial: OracleTrial, bundle: Bundle): Promise<OracleResult> {
  const { scenario, transport, durationMs, warmupMs } = trial;
  const planned = { scenario, repeats: 1, durationMs, warmupMs };
  const plan = { profile: 'oracle', seed: trial.seed, transports: [transport], rttMs: 0, scenarios: [planned] };
  const [plannedTrial] = planTrials(plan);
  const directory = mkdtempSync(join(bundle.directory, 'trial-'));
  const server = announceProcess(directory, 'server', bundle.programs.server);
  const pinning = choosePinning();
  const fleet = createLocalFleet({ ...bundle.programs, server: server.program }, pinning);
  let clock: Clock | undefined;
  let startUs = 0;
  const intervention = trial.intervene?.({ directory, serverPid: server.pid, clock: () => clock! }) ?? {};
  const watched = interveneIn(fleet, {
    ...intervention,
    server: async (config) => {
      clock = clockSince(config.epoch);
      return (await intervention.server?.(config)) ?? config;
    },
    window: (atUs) => {
      startUs = atUs;
      intervention.window?.(atUs);
    },
  });
  const { openFiles } = readMachineLimits();
  const record = await runTrial(plannedTrial!, {
    fleet: watched,
    host: localHost(pinning),
    place: placeOf(plannedTrial!, undefined),
    directory,
    openFiles,
    startScheduler,
    onStage: () => {},
    signal: new AbortController().signal,
  });
  if (record.status === 'failed') throw new Error(`${transport} failed (${record.stage}): ${record.reason}`);
  return { record, startUs, seed: plannedTrial!.seed };
}

/** The program of a role, which first writes its process id into `directory`, so that tests can signal it. */
export function announceProcess(
  directory: string,
  role: Role,
  program: string,
): { readonly program: string; readonly pid: () => number } {
  const stub = join(directory, `announced-${role}.cjs`);
  const pidFile = join(directory, `${role}.pid`);
  const say = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));`;
  writeFileSync(stub, `${say}\nrequire(${JSON.stringify(program)});\n`);
  return { program: stub, pid: () => Number(readFileSync(pidFile, 'utf8')) };
}
