import { median } from 'simple-statistics';
import type { CostSample } from '../../perf/attempts.ts';
import type { Finding } from '../evidence.ts';
import { type Comparison, type CostGroup, comparisonName, costName, type Member, memberTitles } from './cost-groups.ts';
import { interleaved, type PartContext } from './part.ts';
import { ratioFigures, ratioOf, ratioText, spreadFigures } from './ratio.ts';

/** The members of a group that are there, and how one of them is measured. */
export type MeasuredGroup<S extends CostSample> = {
  readonly group: CostGroup;
  readonly members: readonly Member[];
  readonly measure: (member: Member) => Promise<S>;
};

/** Measures a group in turns. A finding for each comparison of members that are there. */
export async function measureGroup<S extends CostSample>(
  { rounds, say }: PartContext,
  { group, members, measure }: MeasuredGroup<S>,
  onSamples: (samples: Readonly<Record<Member, readonly S[]>>) => void = () => {},
): Promise<readonly Finding[]> {
  const titleOf = (member: Member) => `${group.title}, ${memberTitles[member]}`;
  const measureOne = async (member: Member) => {
    const sample = await measure(member);
    say(`${titleOf(member)}: ${sample.cpuUs.toFixed(2)} µs, ${Math.round(sample.perSecond)} a second`);
    return sample;
  };
  const samples = await interleaved(members, rounds, measureOne, titleOf);
  onSamples(samples);
  const costsUs = (member: Member) => samples[member].map(({ cpuUs }) => cpuUs);
  return group.comparisons
    .filter(({ of, against }) => members.includes(of) && members.includes(against))
    .map((comparison, index) => {
      const ratio = ratioOf(costsUs(comparison.of), costsUs(comparison.against));
      const told = [comparison.of, comparison.against].map(
        (member) => `${memberTitles[member]} ${median(costsUs(member)).toFixed(1)} µs`,
      );
      // The costs themselves are recorded once.
      const costs = index > 0 ? [] : members.map((member) => spreadFigures(costName(group, member), costsUs(member)));
      return {
        claim: claimOf(group, comparison),
        found: `${ratioText(ratio)}: ${told.join(', ')}`,
        holds: comparison.most === undefined || ratio.median <= comparison.most,
        figures: Object.assign(
          {},
          ratioFigures(comparisonName(group, comparison), ratio, comparison.most),
          ...costs,
        ) as Readonly<Record<string, number>>,
      };
    });
}

function claimOf({ title }: CostGroup, { of, against, most }: Comparison): string {
  if (most === undefined) return `${title}: ${memberTitles[of]} beside ${memberTitles[against]}`;
  return `${title}: ${memberTitles[of]} at most ${most} × ${memberTitles[against]}`;
}
