import type { LoadFigures } from '../../clients/load/load.ts';
import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { StormKind } from '../plan/plan.ts';
import { mergeDistributions } from './distribution.ts';

/** How and when connections were cut on purpose. */
export type Storm = { readonly kind: StormKind; readonly atUs: number };

/**
 * What a storm did to the clients, over all load processes. `connectionsMade`: opened by the clients between the quiet
 * edges around the window.
 */
export function stormRecord(
  { kind, atUs }: Storm,
  windowStartUs: number,
  figures: readonly LoadFigures[],
  connectionsMade: number,
): NonNullable<CompletedTrial['storm']> {
  const each = figures.flatMap(({ storm }) => storm ?? []);
  const total = (of: (one: (typeof each)[number]) => number) => each.reduce((sum, one) => sum + of(one), 0);
  const firstLostUs = Math.min(...each.flatMap((one) => one.firstLostUs ?? []));
  const caughtUpUs = Math.max(...each.flatMap((one) => one.caughtUpUs ?? []));
  const clientsCut = total(({ cut }) => cut);
  const clientsBehind = total(({ behind }) => behind);
  return {
    kind,
    atMs: (atUs - windowStartUs) / 1000,
    clientsCut,
    backMs: mergeDistributions(each.map(({ back }) => back)),
    caughtUpMs: clientsCut > 0 && clientsBehind === 0 ? (caughtUpUs - firstLostUs) / 1000 : null,
    clientsBehind,
    missedUpdates: total(({ missedUpdates }) => missedUpdates),
    connectionsMade,
  };
}
