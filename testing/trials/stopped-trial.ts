import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../../bench/fleet/fleet.ts';
import type { Bundle } from '../../bench/local/bundle.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { announceProcess } from '../oracles/oracle-trial.ts';
import { stallProcess } from '../oracles/stall.ts';
import { type ShortTrial, shortTrial } from './short-trial.ts';

export type Stopped = Pick<ShortTrial, 'scenario' | 'transport' | 'rttMs' | 'isolated' | 'durationMs'> & {
  /** The only process of its role in this trial. */
  readonly role: Role;
  readonly stopMs: number;
};

/** For tests only: a short trial in which one process is stopped in the middle of the window. Rejects when it fails. */
export async function stoppedTrial(bundle: Bundle, { role, stopMs, ...trial }: Stopped): Promise<CompletedTrial> {
  const directory = await mkdtemp(join(bundle.directory, 'stopped-'));
  const { program, pid } = announceProcess(directory, role, bundle.programs[role]);
  const programs = { ...bundle.programs, [role]: program };
  let stalled: Promise<unknown> | undefined;
  const record = await shortTrial(
    { ...bundle, programs },
    {
      ...trial,
      onStage: (stage) => {
        if (stage !== 'measure') return;
        const clock = startScheduler();
        const middleMs = ((trial.durationMs ?? 1_000) - stopMs) / 2;
        stalled = stallProcess(pid(), clock, clock.nowUs() + middleMs * 1000, stopMs);
      },
    },
  );
  await stalled;
  if (record.status === 'failed') throw new Error(`${record.stage}: ${record.reason}`);
  return record;
}
