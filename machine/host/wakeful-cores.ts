import { closeSync, openSync, writeSync } from 'node:fs';

/** The kernel's wish list for how late a core may wake up: whoever holds it open is heard (PM QoS interface). */
const device = '/dev/cpu_dma_latency';

/** Microseconds as a 32-bit integer: none at all, so that an idle core waits instead of falling asleep. */
const atOnce = Buffer.alloc(4);

/** Until closed. The system takes the wish back by itself when the process ends, in whatever way. */
export type WakefulCores = { readonly close: () => void };

/**
 * Keeps idle cores from falling asleep. A core that sleeps between two requests, or is given to somebody else by the
 * hypervisor meanwhile, charges the next request for waking up and for cold caches: up to twice its own cost, and
 * another amount every minute. Undefined where the system has no such device or this user may not write to it.
 */
export function keepCoresAwake(path = device): WakefulCores | undefined {
  const wish = opened(path);
  if (wish === undefined) return undefined;
  try {
    writeSync(wish, atOnce);
    return { close: () => closeSync(wish) };
  } catch {
    closeSync(wish);
    return undefined;
  }
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, 'w');
  } catch {
    return undefined;
  }
}

/** Whether `keepCoresAwake` is heard. Tried, since a control group may refuse what the permissions of the file allow. */
export function canKeepCoresAwake(path = device): boolean {
  const kept = keepCoresAwake(path);
  kept?.close();
  return kept !== undefined;
}
