import { spawnSync } from 'node:child_process';
import { allowedCores } from '../../machine/host/allowed-cores.ts';
import type { Cores } from '../../network/isolated/steering.ts';
import type { Role } from '../fleet/fleet.ts';

/** Which core a process is to run on; null: wherever the system puts it. */
export type Pinning = {
  readonly pinned: boolean;
  readonly coreOf: (role: Role, index: number) => number | null;
  /** Whose work is to be done where; null: nothing is pinned. */
  readonly cores: Cores | null;
};

const onServerHost: ReadonlySet<Role> = new Set(['server', 'proxy']);

const unpinned: Pinning = { pinned: false, coreOf: () => null, cores: null };

/**
 * The server's host gets the last core for itself: servers, and a proxy in front of them. Load, relay, source and
 * backplane share the others. Needs `taskset` (util-linux) and
 * two cores that this process may use; without them nothing is pinned, and the result says so.
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
 * Keeps this process, which draws progress, off the server's core. What it returns lets it go where it could go before:
 * a later run in the same process would else find one core only, and pin nothing.
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
