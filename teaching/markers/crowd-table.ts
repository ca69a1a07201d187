import { formatNumber } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { EvidenceRecord } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

/** `most`: a row shows the largest of a transport's trials, otherwise the smallest. */
const columns = [
  { title: 'set-ups/s', figure: 'setUpsPerSecond', most: false, scale: 1 },
  { title: 'servers, kB a client', figure: 'serverBytes', most: true, scale: 1e-3 },
  { title: 'load, kB', figure: 'loadBytes', most: true, scale: 1e-3 },
  { title: 'kernel, kB', figure: 'kernelBytes', most: true, scale: 1e-3 },
  { title: 'last client has a broadcast after, ms', figure: 'lastMs', most: true, scale: 1 },
  { title: 'servers, µs a delivery', figure: 'serverUs', most: true, scale: 1 },
  { title: 'an idle client costs the servers, µs a minute', figure: 'serverUsPerClientMinute', most: true, scale: 1 },
] as const;

/** A Markdown table of `npm run evidence -- crowd`: a row for each transport, with the worse of its trials. */
export function crowdTable({ findings }: EvidenceRecord): string {
  const rows = Object.values(transportTitles).flatMap((title) => {
    const own = findings.filter(({ claim }) => claim.startsWith(`${title}, `));
    if (own.length === 0) return [];
    const cells = columns.map(({ figure, most, scale }) => {
      const values = own.flatMap(({ figures }) => figures?.[figure] ?? []);
      if (values.length === 0) throw new BadMarker(`the crowd over ${title} was recorded without ${figure}`);
      return formatNumber((most ? Math.max : Math.min)(...values) * scale);
    });
    return [[title, ...cells]];
  });
  const sides = [':--', ...columns.map(() => '--:')];
  return [['transport', ...columns.map(({ title }) => title)], sides, ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
