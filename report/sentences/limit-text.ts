import { median } from 'simple-statistics';
import { formatValue } from '../../analysis/figures/format.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { type CoreUse, coreUseOf } from '../../results/core-use.ts';

type Limit = CoreUse['limit'];

const verdicts: Readonly<Record<Limit, string>> = {
  instrument: 'The instrument was the limit.',
  server: 'The server was the limit.',
  nothing: 'Nothing was the limit.',
};

/**
 * How busy the cores of both sides were, and what was the limit: a line for each transport that came to one, and one for
 * all others together, with the greatest shares among them. A share is the median over the repeats, of the busiest core
 * of a side with all that share it.
 */
export function limitTexts(rows: readonly TransportAnalysis[]): readonly string[] {
  const measured = rows.filter(({ completed }) => completed.length > 0);
  const free = measured.filter((row) => limitOf(row) === 'nothing');
  const limited = measured.filter((row) => limitOf(row) !== 'nothing');
  const of = (some: readonly TransportAnalysis[]) =>
    some.length === measured.length && measured.length > 1
      ? 'Busiest cores'
      : `${some.map(({ transport }) => transportTitles[transport]).join(', ')}, busiest cores`;
  return [
    ...limited.map((row) => `${of([row])}: ${sharesText([row])}. ${verdicts[limitOf(row)]}`),
    ...(free.length === 0 ? [] : [`${of(free)}: ${sharesText(free)}. ${verdicts.nothing}`]),
  ];
}

/** The worst of all repeats. */
function limitOf({ completed }: TransportAnalysis): Limit {
  const limits = completed.map(({ trial }) => coreUseOf(trial).limit);
  return (['instrument', 'server'] as const).find((limit) => limits.includes(limit)) ?? 'nothing';
}

const sides = [
  ['load side', 'core.load'],
  ['source', 'core.source'],
  ['server', 'core.server'],
] as const;

function sharesText(rows: readonly TransportAnalysis[]): string {
  const shares = sides.flatMap(([side, key]) => {
    const medians = rows.flatMap(({ completed }) => {
      const values = completed.flatMap(({ figures }) => figures[key] ?? []);
      return values.length === 0 ? [] : [median(values)];
    });
    return medians.length === 0 ? [] : [`${side} ${formatValue(Math.max(...medians), 'share', 2)}`];
  });
  return shares.join(', ');
}
