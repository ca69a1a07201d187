import type { Disturbances } from '../../clients/load/undisturbed.ts';
import type { Window } from '../../clients/subscriber/staleness.ts';
import { type Gap, mergeGaps } from '../../machine/process/self-tick.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import { everyChannel, publishers } from '../../protocol/contract-terms.ts';
import { type LateUpdates, leastLateUs } from '../../protocol/late-updates.ts';
import type { Histogram, StallRecord } from '../../results/schema/schema.ts';
import type { ProcessGaps } from '../readings/gaps.ts';
import { mergeDistributions } from './distribution.ts';

/** A departure is late from this share of the median latency on. */
const lateShare = 0.1;
/** Longer lists add nothing for a reader; the sums are of all. */
const keptGaps = 20;

/**
 * What the instrument did to the deliveries of a window. `deliveries`: the latencies of all, by load process, in which
 * lateness is measured.
 */
export function disturbancesOf(
  { gaps, late }: { readonly gaps: readonly ProcessGaps[]; readonly late: readonly LateUpdates[] },
  updates: AcceptedUpdates,
  deliveries: readonly string[],
): Disturbances {
  const lateUs = Math.max(leastLateUs, lateShare * mergeDistributions(deliveries).p50Ms * 1000);
  const keyOf = (channel: number, intendedUs: number) => `${channel}/${intendedUs}`;
  const leftLate = new Set(
    late.flatMap((each) =>
      each.channel.flatMap((channel, row) => (each.lateUs[row]! > lateUs ? keyOf(channel, each.intendedUs[row]!) : [])),
    ),
  );
  return {
    gaps: mergeGaps(gaps.filter(({ isPassed }) => isPassed).flatMap((each) => each.gaps)),
    leftLate: Uint8Array.from(updates.channel, (channel, row) => {
      const emitted = updates.publisher[row] === publishers.broadcast ? everyChannel : channel;
      return leftLate.has(keyOf(emitted, updates.intendedUs[row]!)) ? 1 : 0;
    }),
    lateUs,
  };
}

/** The part that goes into the record. `undisturbed`: the latencies of deliveries without any of it, by load process. */
export function stallRecord(
  gaps: readonly ProcessGaps[],
  { gaps: all, leftLate, lateUs }: Disturbances,
  undisturbed: readonly string[],
  { window, delivery }: { readonly window: Window; readonly delivery: Histogram },
): StallRecord {
  const merged = mergeDistributions(undisturbed);
  return {
    gapMs: inWindowMs(all, window),
    gaps: gaps.flatMap(({ name, gaps: own }) => {
      const late = own.filter(({ toUs }) => toUs > window.startUs);
      return late.length === 0 ? [] : [{ process: name, ...summed(late, window) }];
    }),
    lateMs: lateUs / 1000,
    lateUpdates: leftLate.reduce((sum, late) => sum + late, 0),
    ...(merged.count < delivery.count && { undisturbed: merged }),
  };
}

function inWindowMs(gaps: readonly Gap[], { startUs, endUs }: Window): number {
  const within = gaps.map(({ fromUs, toUs }) => Math.min(toUs, endUs) - Math.max(fromUs, startUs));
  return within.reduce((sum, us) => sum + Math.max(0, us), 0) / 1000;
}

function summed(gaps: readonly Gap[], { startUs }: Window): Omit<StallRecord['gaps'][number], 'process'> {
  const lengthOf = ({ fromUs, toUs }: Gap) => toUs - fromUs;
  const longest = [...gaps].sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, keptGaps);
  return {
    count: gaps.length,
    totalMs: gaps.reduce((sum, gap) => sum + lengthOf(gap), 0) / 1000,
    longest: longest
      .sort((a, b) => a.fromUs - b.fromUs)
      .map(({ fromUs, toUs }) => ({ fromMs: (fromUs - startUs) / 1000, toMs: (toUs - startUs) / 1000 })),
  };
}
