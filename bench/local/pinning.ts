import { spawnSync } from 'node:child_process';
import { allowedCores } from '../../machine/host/allowed-cores.ts';
import type { Cores } from '../../network/isolated/steering.ts';
import type { Role } from '../fleet/fleet.ts';

/** The core that each process runs on; null: chosen by the system. */
export type Pinning = {
  readonly pinned: boolean;
  readonly coreOf: (role: Role, index: number) => number | null;
  /** The core of the server and those of all others; null: nothing is pinned. */
  readonly cores: Cores | null;
};

const onServerHost: ReadonlySet<Role> = new Set(['server', 'proxy']);

/** The system chooses every core. */
export const unpinned: Pinning = { pinned: false, coreOf: () => null, cores: null };

/**
 * Servers, and a proxy in front of them, get the last core for themselves; load, relay, source and backplane share the
 * others. Needs `taskset` (util-linux) and two allowed cores; otherwise nothing is pinned, and the record says so.
 */
export function choosePinning(): Pinning {
  const cores = allowedCores();
  const server = cores.at(-1);
  const others = cores.slice(0, -1);
  if (server === undefined || others.length === 0) return unpinned;
  if (spawnSync('taskset', ['-c', cores.join(','), 'true']).status !== 0) return unpinned;
  return {
    pinned: true,
    cores: { server, others },
    coreOf: (role, index) => (onServerHost.has(role) ? server : others[index % others.length]!),
  };
}

/**
 * Keeps this process, which draws progress, off the server's core. Returns a function that restores the cores from
 * before: otherwise a later run in the same process would find only one core, and pin nothing.
 */
export function pinSelf({ pinned, coreOf }: Pinning): () => void {
  if (!pinned) return () => {};
  const before = allowedCores();
  keepTo([coreOf('load', 0)!]);
  return () => keepTo(before);
}

function keepTo(cores: readonly number[]): void {
  spawnSync('taskset', ['-a', '-c', '-p', cores.join(','), String(process.pid)]);
}
