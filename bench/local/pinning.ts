import { spawnSync } from 'node:child_process';
import { allowedCores } from '../../machine/host/allowed-cores.ts';
import type { Cores } from '../../network/isolated/steering.ts';
import type { CrewSize } from '../fleet/crew-size.ts';
import type { Role } from '../fleet/fleet.ts';
import { spreadOver } from './core-spread.ts';

/** The core that each process runs on; null: chosen by the system. */
export type Pinning = {
  readonly pinned: boolean;
  readonly coreOf: (role: Role, index: number) => number | null;
  /** The cores of the serving side, and those of load and relays; null: nothing is pinned. */
  readonly cores: Cores | null;
  /** How many cores load processes have; 1 if nothing is pinned, since more would compete with the server. */
  readonly loadCores: number;
};

/** The system chooses every core. */
export const unpinned: Pinning = { pinned: false, coreOf: () => null, cores: null, loadCores: 1 };

/** One server with its source, for whoever asks before a trial is known. */
const plainCrew: CrewSize = { server: 1, proxy: 0, source: 1, backplane: 0, relay: 0 };

/**
 * Spreads a crew over the cores that this process may use, as `spreadOver` says. Needs `taskset` (util-linux) and two
 * allowed cores; otherwise nothing is pinned, and the record says so.
 */
export function choosePinning(crew: CrewSize = plainCrew): Pinning {
  const cores = allowedCores();
  if (cores.length < 2) return unpinned;
  if (spawnSync('taskset', ['-c', cores.join(','), 'true']).status !== 0) return unpinned;
  return pinnedTo(cores, crew);
}

/** As `choosePinning`, over these cores, on which `taskset` is known to work. */
export function pinnedTo(cores: readonly number[], crew: CrewSize): Pinning {
  const spread = spreadOver(cores, crew);
  if (!spread) return unpinned;
  return {
    pinned: true,
    // The core of the source is not among the others: packets of the clients would make it late.
    cores: { server: unique([...spread.server, ...spread.proxy]), others: unique([...spread.load, ...spread.relay]) },
    coreOf: (role, index) => spread[role][index % spread[role].length]!,
    loadCores: spread.load.length,
  };
}

function unique(cores: readonly number[]): readonly number[] {
  return [...new Set(cores)];
}

/**
 * Keeps this process, which draws progress, off the cores of the serving side. Returns a function that restores the
 * cores from before: otherwise a later run in the same process would find only one core, and pin nothing.
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
