import type { BroadcastReach } from '../../clients/load/broadcast-watch.ts';
import type { LoadFigures } from '../../clients/load/load.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import { mergeDistributions } from './distribution.ts';

/** How fast broadcasts reached all clients, over all load processes; undefined if none reached any. */
export function broadcastRecord(
  windowStartUs: number,
  figures: readonly Pick<LoadFigures, 'broadcasts'>[],
): CompletedTrial['broadcasts'] {
  const merged = new Map<number, BroadcastReach>();
  for (const reach of figures.flatMap(({ broadcasts }) => broadcasts.reached)) {
    const { intendedUs, clients = 0, lastUs = 0 } = merged.get(reach.intendedUs) ?? { intendedUs: reach.intendedUs };
    merged.set(intendedUs, {
      intendedUs,
      clients: clients + reach.clients,
      lastUs: Math.max(lastUs, reach.lastUs),
    });
  }
  if (merged.size === 0) return undefined;
  return {
    delivery: mergeDistributions(figures.map(({ broadcasts }) => broadcasts.delivery)),
    sent: [...merged.values()]
      .sort((a, b) => a.intendedUs - b.intendedUs)
      .map(({ intendedUs, clients, lastUs }) => ({
        atMs: (intendedUs - windowStartUs) / 1000,
        clients,
        lastMs: (lastUs - intendedUs) / 1000,
      })),
  };
}
