import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { spunMs, waitedMs } from './approach.ts';

/** Resources that a process has used so far. A window's figures are differences of two samples. */
export type ProcessSample = {
  /** User and system time of all threads, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /**
   * Milliseconds for which the main event loop was idle and active (`performance.eventLoopUtilization`). What was spun
   * until an instant counts as idle: it is waiting, and gives way to work.
   */
  readonly eventLoop: { readonly idleMs: number; readonly activeMs: number };
  /** Milliseconds of CPU time that were spun until instants: no work. */
  readonly spunMs: number;
};

export function sampleProcess(): ProcessSample {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { idle, active }: EventLoopUtilization = performance.eventLoopUtilization();
  return {
    cpuUs: user + system,
    rssBytes: rss,
    heapBytes: heapUsed,
    externalBytes: external,
    eventLoop: { idleMs: idle + waitedMs(), activeMs: active - waitedMs() },
    spunMs: spunMs(),
  };
}
