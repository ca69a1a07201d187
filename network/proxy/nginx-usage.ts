import { msPerTick, readText } from '../../machine/host/kernel-files.ts';
import { processIds } from '../../machine/host/working-directory.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';

/**
 * Returns a function that samples what NGINX has used so far: its master, current workers and ended workers. NGINX has
 * no event loop to query; with one worker, `activeMs` is the CPU time.
 */
export function watchUsage(masterPid: number): () => ProcessSample {
  const startedMs = performance.now();
  const seenUs = new Map<number, number>();
  return () => {
    const live = workerPids(masterPid);
    // The kernel's account of ended workers is exact to the tick; ours is exact to the microsecond up to the last
    // sample.
    const endedUs = sum([...seenUs].filter(([pid]) => !live.includes(pid)).map(([, us]) => us));
    for (const pid of live) seenUs.set(pid, cpuUs(pid));
    const usedUs =
      cpuUs(masterPid) + Math.max(endedUs, endedWorkersUs(masterPid)) + sum(live.map((pid) => seenUs.get(pid)!));
    return {
      cpuUs: usedUs,
      rssBytes: sum([masterPid, ...live].map(rssBytes)),
      heapBytes: 0,
      externalBytes: 0,
      eventLoop: { activeMs: usedUs / 1000, idleMs: Math.max(0, performance.now() - startedMs - usedUs / 1000) },
      spunMs: 0,
    };
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Child processes of the master; empty when it is gone. */
export function workerPids(masterPid: number): readonly number[] {
  const told = readText(`/proc/${masterPid}/task/${masterPid}/children`);
  // Only kernels with CONFIG_PROC_CHILDREN have this file.
  if (told !== undefined) return told.split(' ').filter(Boolean).map(Number);
  return processIds().filter((pid) => Number(statFields(pid)?.[1]) === masterPid);
}

/** CPU time in microseconds: exact from `schedstat`, or to the tick where the kernel does not keep it. */
function cpuUs(pid: number): number {
  const exact = readText(`/proc/${pid}/schedstat`)?.split(' ')[0];
  if (exact !== undefined) return Number(exact) / 1000;
  const fields = statFields(pid);
  return fields ? ticksUs(fields[11], fields[12]) : 0;
}

/** CPU time of the children that the master has waited for: workers that a reload replaced. */
function endedWorkersUs(masterPid: number): number {
  const fields = statFields(masterPid);
  return fields ? ticksUs(fields[13], fields[14]) : 0;
}

function ticksUs(...ticks: readonly (string | undefined)[]): number {
  return sum(ticks.map((each) => Number(each ?? 0))) * msPerTick * 1000;
}

function rssBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Fields of `stat` after the command name, which may itself hold spaces and parentheses: state, parent … */
function statFields(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}
