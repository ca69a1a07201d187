import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { BadMarker } from './markers.ts';

type Recorded = { readonly findings: readonly { readonly figures?: Readonly<Record<string, number>> }[] };

const recordPath = join(projectRoot, 'testing', 'evidence', 'records', 'cpu-decided-simulation.json');

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

/** A Markdown table from the last record of `npm run evidence -- cpu-decided-simulation`, a row per finding. */
export function cpuDecidedTable(): string {
  const { findings } = JSON.parse(readFileSync(recordPath, 'utf8')) as Recorded;
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
