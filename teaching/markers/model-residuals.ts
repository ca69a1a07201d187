import { median } from 'simple-statistics';
import { transports, transportTitles } from '../../protocol/transport.ts';
import { type Compared, comparedTitles } from '../../testing/evidence/model/measured.ts';
import type { EvidenceRecord } from './evidence-record.ts';

const ways = ['formula', 'schedule'] as const;

/**
 * A Markdown table of how far the model is from measurements: a row for each transport and amount, with the median and the
 * largest of the points, by formula and on the realised schedule.
 */
export function modelResiduals({ findings }: EvidenceRecord): string {
  const figures = findings.flatMap((finding) => Object.entries(finding.figures ?? {}));
  const rows = transports.flatMap((transport) =>
    (Object.keys(comparedTitles) as (keyof Compared)[]).flatMap((key) => {
      const residuals = ways.map((way) =>
        figures.filter(([name]) => name === `${transport} ${way} ${key}`).map(([, residual]) => residual),
      );
      if (residuals[0]!.length === 0) return [];
      const cells = [transportTitles[transport], comparedTitles[key], String(residuals[0]!.length)];
      return [[...cells, ...residuals.flatMap(middleAndWorst)]];
    }),
  );
  const titles = ['transport', 'amount', 'points', 'formula, median', 'largest', 'schedule, median', 'largest'];
  const sides = [':--', ':--', '--:', '--:', '--:', '--:', '--:'];
  return [titles, sides, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function middleAndWorst(residuals: readonly number[]): readonly string[] {
  if (residuals.length === 0) return ['', ''];
  const sizes = residuals.map(Math.abs);
  return [median(sizes), Math.max(...sizes)].map((size) => `${(100 * size).toFixed(1)}%`);
}
