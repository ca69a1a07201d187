import type { EvidenceRecord } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

const columns = [
  { title: 'transports', key: 'transports', text: String },
  { title: 'blocks', key: 'blocks', text: String },
  { title: 'wrong: none differ', key: 'noneDifferWrongShare', text: percent },
  { title: 'some differ by 1.5', key: 'someDifferWrongShare', text: percent },
  { title: 'some differ by 10', key: 'farApartWrongShare', text: percent },
  { title: 'by 1.5, all pooled', key: 'pooledAloneWrongShare', text: percent },
  { title: 'decided', key: 'decidedShare', text: percent },
  { title: 'decided before', key: 'decidedBeforeShare', text: percent },
] as const;

/** A Markdown table, a row per finding. */
export function cpuDecidedTable({ findings }: EvidenceRecord): string {
  const rows = findings.map(({ figures }) => {
    if (figures?.transports === undefined)
      throw new BadMarker('testing/evidence/records/cpu-decided-simulation.json has a finding without figures');
    return columns.map(({ key, text }) => (figures[key] === undefined ? '' : text(figures[key])));
  });
  return [columns.map(({ title }) => title), columns.map(() => '--:'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
