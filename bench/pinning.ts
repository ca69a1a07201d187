import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Role } from './fleet.ts';

/** Which core a process is to run on; null: wherever the system puts it. */
export type Pinning = {
  readonly pinned: boolean;
  readonly coreOf: (role: Role, index: number) => number | null;
};

const unpinned: Pinning = { pinned: false, coreOf: () => null };

/**
 * The server gets the last core for itself; load, relay and source share the others. Needs `taskset` (util-linux) and
 * two cores; without them nothing is pinned, and the result says so.
 */
export function choosePinning(): Pinning {
  const cores = availableParallelism();
  if (process.platform !== 'linux' || cores < 2) return unpinned;
  if (spawnSync('taskset', ['-c', String(cores - 1), 'true']).status !== 0) return unpinned;
  return {
    pinned: true,
    coreOf: (role, index) => (role === 'server' ? cores - 1 : index % (cores - 1)),
  };
}

/** Keeps this process, which draws progress, off the server's core. */
export function pinSelf({ pinned, coreOf }: Pinning): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', String(coreOf('load', 0)), String(process.pid)]);
}
