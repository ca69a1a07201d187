import { readFileSync } from 'node:fs';

/** How long a core had nothing to do since the machine started, and when that was read. */
export type CoreIdle = { readonly idleMs: number; readonly atMs: number };

/** Linux counts in hundredths of a second towards user space, whatever its own clock (proc_stat(5), USER_HZ). */
const msPerTick = 10;

/**
 * Reads one core. Idle time is measured by the kernel at each interrupt that ends it, while user, system and softirq are
 * sampled: without IRQ time accounting these are off by a factor. Throws where there is no such core or no procfs.
 */
export function readCoreIdle(core: number): CoreIdle {
  const text = readFileSync('/proc/stat', 'utf8');
  return { idleMs: idleMsOf(text, core), atMs: performance.now() };
}

/** Idle and waiting for disks, of one core, in milliseconds. */
export function idleMsOf(text: string, core: number): number {
  const line = text.split('\n').find((each) => each.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`no core ${core} in /proc/stat`);
  const columns = line.split(/\s+/).map(Number);
  return (columns[4]! + columns[5]!) * msPerTick;
}

/**
 * Milliseconds in which the core was at work between two readings, for whatever reason but ours; exact to 10 ms.
 * `ownMs`: what whoever measures has used of it.
 */
export function busyMs(from: CoreIdle, to: CoreIdle, ownMs = 0): number {
  return Math.max(0, to.atMs - from.atMs - (to.idleMs - from.idleMs) - ownMs);
}

const pageBytes = 4096;

/**
 * Bytes that TCP sockets hold in their queues, on the whole machine: the kernel keeps one account for all namespaces.
 * null where the system does not say.
 */
export function kernelSocketBytes(): number | null {
  try {
    const pages = /^TCP: .*\bmem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1];
    return pages === undefined ? null : Number(pages) * pageBytes;
  } catch {
    return null;
  }
}
