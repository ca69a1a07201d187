import { closeSync, openSync, writeSync } from 'node:fs';

/** The latency allowed for waking up a core: a request counts while its file stays open (Linux PM QoS). */
const device = '/dev/cpu_dma_latency';

/** A latency of 0 µs as a 32-bit integer: idle cores then poll instead of sleeping. */
const atOnce = Buffer.alloc(4);

/** Cores stay awake until `close`. The kernel drops the request when the process ends, however it ends. */
export type WakefulCores = { readonly close: () => void };

/**
 * Keeps idle cores from sleeping. A core that slept, or that the hypervisor lent to another guest, charges the next
 * request for waking up and for cold caches: up to twice the request's own cost, by an amount that changes from minute
 * to minute. Returns undefined where the device is missing or may not be written.
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

/**
 * Whether `keepCoresAwake` works here. It has to be tried: a control group may refuse what the file's permissions
 * allow.
 */
export function canKeepCoresAwake(path = device): boolean {
  const kept = keepCoresAwake(path);
  kept?.close();
  return kept !== undefined;
}
