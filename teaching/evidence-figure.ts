import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatNumber } from '../analysis/format.ts';
import { projectRoot } from '../protocol/project-root.ts';
import { BadMarker } from './markers.ts';

const recordsDirectory = join(projectRoot, 'evidence', 'records');

type Recorded = { readonly findings: readonly { readonly figures?: Readonly<Record<string, number>> }[] };

/** `deflate-memory.clients`: a figure that an evidence has written down, three digits of it. */
export function evidenceText(name = '', directory = recordsDirectory): string {
  const [evidence = '', key = ''] = name.split('.');
  const path = join(directory, `${evidence}.json`);
  if (!existsSync(path)) {
    throw new BadMarker(`evidence/records/${evidence}.json is not there; npm run evidence -- ${evidence} writes it`);
  }
  const { findings } = JSON.parse(readFileSync(path, 'utf8')) as Recorded;
  const figures: Readonly<Record<string, number>> = Object.assign({}, ...findings.map((each) => each.figures));
  const figure = Object.hasOwn(figures, key) ? figures[key] : undefined;
  if (figure === undefined) {
    throw new BadMarker(
      `${JSON.stringify(key)} is no figure of ${evidence}; there are ${Object.keys(figures).join(', ')}`,
    );
  }
  return formatNumber(figure);
}
