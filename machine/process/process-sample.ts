import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** What a process has used so far. Figures of a window are differences of two samples. */
export type ProcessSample = {
  /** User and system time of all threads, in microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  /** Milliseconds the main event loop was idle and active. */
  readonly eventLoop: { readonly idleMs: number; readonly activeMs: number };
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
    eventLoop: { idleMs: idle, activeMs: active },
  };
}
