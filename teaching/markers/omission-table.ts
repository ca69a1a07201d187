import type { EvidenceRecord } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

/** A Markdown table: latencies that this suite and autocannon report, beside the true ones. */
export function omissionTable({ findings }: EvidenceRecord): string {
  const rows = findings
    .map(rowOf)
    .sort((a, b) => Number(a.late) - Number(b.late) || Number(a.foreign) - Number(b.foreign));
  return [
    '| server | measured by | p50 / p90 / p99 in ms | true |',
    '|:--|:--|--:|--:|',
    ...rows.map(
      ({ late, who, told, truth }) =>
        `| ${late ? 'stopped for 1 s in 20 s' : '100 ms late'} | ${who} | ${told} | ${truth} |`,
    ),
  ].join('\n');
}

function rowOf({ claim, found }: EvidenceRecord['findings'][number]) {
  const foreign = /autocannon 9, .*?(?=, is )/.exec(claim)?.[0];
  const own = /: (\S+) is reported/.exec(claim)?.[1];
  const percentiles = [...found.matchAll(/p\d+ ([\d.]+) ms \(true: ([\d.]+)\)/g)];
  if ((foreign ?? own) === undefined || percentiles.length === 0) {
    throw new BadMarker(`testing/evidence/records/omission.json says something else than this table knows: ${claim}`);
  }
  const joined = (place: 1 | 2) => percentiles.map((match) => Number(match[place]).toFixed(0)).join(' / ');
  return {
    late: !claim.includes('100 ms late'),
    foreign: foreign !== undefined,
    who: foreign ?? own!,
    told: joined(1),
    truth: joined(2),
  };
}
