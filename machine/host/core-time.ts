import { readFileSync } from 'node:fs';
import { msPerTick } from './kernel-files.ts';

/** Milliseconds for which a core was idle since boot, and when they were read (`performance.now`). */
export type CoreIdle = { readonly idleMs: number; readonly atMs: number };

/**
 * Reads the idle time of one core. The kernel measures idle time exactly, at each interrupt that ends it, but samples
 * user, system and softirq time: without IRQ time accounting those are wrong by a factor. Throws where the core or
 * procfs is missing.
 */
export function readCoreIdle(core: number): CoreIdle {
  const text = readFileSync('/proc/stat', 'utf8');
  return { idleMs: idleMsOf(text, core), atMs: performance.now() };
}

/**
 * Idle and I/O wait time of one core in milliseconds, from the text of /proc/stat. Throws when the core is not listed.
 */
export function idleMsOf(text: string, core: number): number {
  const line = text.split('\n').find((each) => each.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`no core ${core} in /proc/stat`);
  const columns = line.split(/\s+/).map(Number);
  return (columns[4]! + columns[5]!) * msPerTick;
}

/**
 * Milliseconds for which the core was busy between two readings, less `ownMs`, the CPU time that the measuring process
 * itself used there. Resolution 10 ms.
 */
export function busyMs(from: CoreIdle, to: CoreIdle, ownMs = 0): number {
  return Math.max(0, to.atMs - from.atMs - (to.idleMs - from.idleMs) - ownMs);
}
