import { readFileSync } from 'node:fs';
import type { ProcessSample } from '../protocol/process-sample.ts';
import { processIds } from './working-directory.ts';

/** Of the time fields of proc(5) `stat`; 100 on every Linux that there is (USER_HZ). */
const ticksPerSecond = 100;

/**
 * What NGINX has used so far: its master, the workers it has, and those that it had. It has no event loop of its own that
 * could be asked how busy it is, so active is the time its busiest worker was on a core.
 */
export function sampleNginx(masterPid: number, startedMs: number): ProcessSample {
  const workers = workerPids(masterPid);
  const onCoreUs = workers.map(cpuUs);
  const activeMs = Math.max(0, ...onCoreUs) / 1000;
  return {
    cpuUs: cpuUs(masterPid) + endedWorkersUs(masterPid) + onCoreUs.reduce((sum, us) => sum + us, 0),
    rssBytes: [masterPid, ...workers].reduce((sum, pid) => sum + rssBytes(pid), 0),
    heapBytes: 0,
    externalBytes: 0,
    eventLoop: { activeMs, idleMs: Math.max(0, performance.now() - startedMs - activeMs) },
  };
}

/** The processes whose parent is this one; none when it is gone. */
export function workerPids(masterPid: number): readonly number[] {
  const told = readText(`/proc/${masterPid}/task/${masterPid}/children`);
  // Not every kernel tells.
  if (told !== undefined) return told.split(' ').filter(Boolean).map(Number);
  return processIds().filter((pid) => Number(statFields(pid)?.[1]) === masterPid);
}

/** Nanoseconds on a core, the first field of `schedstat`; or in ticks, where the kernel does not keep it. */
function cpuUs(pid: number): number {
  const exact = readText(`/proc/${pid}/schedstat`)?.split(' ')[0];
  if (exact !== undefined) return Number(exact) / 1000;
  const fields = statFields(pid);
  return fields ? ticksUs(fields[11], fields[12]) : 0;
}

/** What the master has waited for: workers that a reload replaced. */
function endedWorkersUs(masterPid: number): number {
  const fields = statFields(masterPid);
  return fields ? ticksUs(fields[13], fields[14]) : 0;
}

function ticksUs(...ticks: readonly (string | undefined)[]): number {
  return (ticks.reduce((sum, each) => sum + Number(each ?? 0), 0) * 1e6) / ticksPerSecond;
}

function rssBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** The fields of `stat` behind the command, which may hold spaces and parentheses itself: state, parent … */
function statFields(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
