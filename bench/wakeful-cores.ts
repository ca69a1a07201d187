import { accessSync, closeSync, constants, openSync, writeSync } from 'node:fs';

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
  try {
    const wish = openSync(path, 'w');
    writeSync(wish, atOnce);
    return { close: () => closeSync(wish) };
  } catch {
    return undefined;
  }
}

/** Whether `keepCoresAwake` would be heard. */
export function canKeepCoresAwake(path = device): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
