import type { CompletedTrial, ProcessFigures } from './schema/schema.ts';

type Role = ProcessFigures['role'];

/** A core in the window. */
export type BusyCore = {
  /**
   * CPU time of all processes that were pinned to it, as a share of the time for which it was measured. Without what was
   * spun until an instant: it gives way to work.
   */
  readonly share: number;
  /** The processes that share it. One that was not pinned counts alone. */
  readonly names: readonly string[];
};

/** The busiest core of each side of a trial, and what was the limit. */
export type CoreUse = {
  /** With a load process or a relay. */
  readonly load: BusyCore | undefined;
  /** With the source or the backplane. */
  readonly source: BusyCore | undefined;
  /**
   * With a server or the proxy. If that side has one core, the kernel's own work there is included, if measured. If that
   * side has a quota, and is nearer to it than to the end of its core, the share is one of the quota.
   */
  readonly server: BusyCore | undefined;
  readonly limit: 'instrument' | 'server' | 'nothing';
};

/**
 * Above these shares a core was the limit. A queue of random arrivals is ρ / (2 − 2ρ) jobs long on average (M/D/1): at
 * 0.92 nearly six, some 0.1 ms of deliveries, which would be taken for the transport's. At the server it is a result.
 */
export const fullCore = { instrument: 0.92, server: 0.9 } as const;

type Used = Pick<CompletedTrial, 'processes' | 'hostCpuWindowMs' | 'serverCpus'> & {
  readonly window: Pick<CompletedTrial['window'], 'durationMs'>;
};

const loadSide: readonly Role[] = ['load', 'relay'];
const sourceSide: readonly Role[] = ['source', 'backplane'];
const serverSide: readonly Role[] = ['server', 'proxy'];

export function coreUseOf(trial: Used): CoreUse {
  const load = busiest(trial, loadSide);
  const source = busiest(trial, sourceSide);
  const server = withQuota(withKernel(busiest(trial, serverSide), trial), trial);
  const isFull = (core: BusyCore | undefined, most: number) => (core?.share ?? 0) > most;
  const instrumentIsFull = [load, source].some((core) => isFull(core, fullCore.instrument));
  const serverIsFull = isFull(server, fullCore.server);
  return { load, source, server, limit: instrumentIsFull ? 'instrument' : serverIsFull ? 'server' : 'nothing' };
}

function busiest({ processes, window }: Used, roles: readonly Role[]): BusyCore | undefined {
  return processes
    .filter(({ role }) => roles.includes(role))
    .map((process) => busyCore(sharersOf(process, processes), window.durationMs))
    .toSorted((a, b) => b.share - a.share)[0];
}

function sharersOf(process: ProcessFigures, all: readonly ProcessFigures[]): readonly ProcessFigures[] {
  return process.core === null ? [process] : all.filter(({ core }) => core === process.core);
}

function busyCore(sharing: readonly ProcessFigures[], windowMs: number): BusyCore {
  return { share: cpusOf(sharing, windowMs), names: sharing.map(({ name }) => name) };
}

/** How many CPUs these processes used, on average. */
function cpusOf(processes: readonly ProcessFigures[], windowMs: number): number {
  // A killed process was read for less than the window, and another one has its place on the core.
  const each = ({ cpuWindowMs, spunMs = 0, sampledMs = 0 }: ProcessFigures) =>
    (cpuWindowMs - spunMs) / Math.max(windowMs, sampledMs);
  return processes.reduce((sum, process) => sum + each(process), 0);
}

/** The busy time of the serving side is a sum over its cores, so it is the share of a core only where there is one. */
function withKernel(core: BusyCore | undefined, trial: Used): BusyCore | undefined {
  if (core === undefined || serverCores(trial).size !== 1) return core;
  const { hostCpuWindowMs, window } = trial;
  return { ...core, share: Math.max(core.share, (hostCpuWindowMs ?? 0) / window.durationMs) };
}

/** The kernel's own work is not in the quota. */
function withQuota(core: BusyCore | undefined, { processes, window, serverCpus }: Used): BusyCore | undefined {
  if (core === undefined || serverCpus === undefined) return core;
  const all = processes.filter(({ role }) => serverSide.includes(role));
  const share = cpusOf(all, window.durationMs) / serverCpus;
  return share > core.share ? { share, names: all.map(({ name }) => name) } : core;
}

/** Each process that was not pinned stands for a core of its own. */
function serverCores({ processes }: Used): ReadonlySet<number | string> {
  return new Set(processes.filter(({ role }) => serverSide.includes(role)).map(({ core, name }) => core ?? name));
}
