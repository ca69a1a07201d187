import { formatNumber } from '../../analysis/figures/format.ts';
import { crowdSizes, sizeName } from '../../testing/evidence/perf/client-sizes.ts';
import { type EvidenceRecord, figuresOf } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

/** A Markdown table of the ratios that are claimed, a row for each. */
export function perfRatios({ findings }: EvidenceRecord): string {
  const rows = findings.flatMap(({ claim, holds, figures = {} }) => {
    const name = Object.keys(figures)
      .find((key) => key.endsWith('Most'))
      ?.slice(0, -'Most'.length);
    return name === undefined
      ? []
      : [[claim, ratio(figures[`${name}Ratio`]), intervalOf(figures, name), holds ? 'yes' : 'no']];
  });
  return table(['claim', 'ratio', '95% interval', 'holds'], [':--', '--:', '--:', ':--'], rows);
}

function intervalOf(figures: Readonly<Record<string, number>>, name: string): string {
  const [low, high] = [figures[`${name}Low`], figures[`${name}High`]];
  return low === undefined || high === undefined ? '' : `${ratio(low)}–${ratio(high)}`;
}

function ratio(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}

/** A Markdown table of cost and memory by the number of clients. Throws `BadMarker` if they were not measured. */
export function perfSizes(record: EvidenceRecord): string {
  const figures = figuresOf(record);
  const figure = (name: string) => {
    const value = figures[name];
    if (value === undefined) throw new BadMarker(`testing/evidence/records/perf.json has no ${name}`);
    return formatNumber(value);
  };
  const rows = crowdSizes.map((size) => [
    formatNumber(size),
    ...(['Us', 'KiB'] as const).flatMap((unit) => [
      figure(sizeName(size, 'lean', unit)),
      figure(sizeName(size, 'ws', unit)),
    ]),
  ]);
  const titles = ['clients', 'lean, µs a delivery', 'bare ws, µs', 'lean, KiB a client', 'bare ws, KiB'];
  return table(titles, ['--:', '--:', '--:', '--:', '--:'], rows);
}

function table(titles: readonly string[], sides: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, sides, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
