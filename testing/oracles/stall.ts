import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../machine/process/clock.ts';

/** When a process did not run, by the clock that both share. */
export type Stall = { readonly fromUs: number; readonly toUs: number };

/**
 * Stops a process of ours with SIGSTOP, which no process can ignore, and lets it go on with SIGCONT. Resolves with the
 * instants at which that really happened: timers are late, so truth must be computed from these.
 */
export async function stallProcess(pid: number, clock: Clock, atUs: number, lengthMs: number): Promise<Stall> {
  await sleep(Math.max(0, (atUs - clock.nowUs()) / 1000));
  process.kill(pid, 'SIGSTOP');
  const fromUs = clock.nowUs();
  try {
    await sleep(lengthMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return { fromUs, toUs: clock.nowUs() };
}
