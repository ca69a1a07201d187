import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatNumber } from '../../analysis/figures/format.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { BadMarker } from './markers.ts';

const recordsDirectory = join(projectRoot, 'testing', 'evidence', 'records');

type Recorded = { readonly findings: readonly { readonly figures?: Readonly<Record<string, number>> }[] };

/** A figure recorded by an evidence program, such as `deflate-memory.clients`. Throws `BadMarker` if it is missing. */
export function evidenceText(name = '', directory = recordsDirectory): string {
  const [evidence = '', key = ''] = name.split('.');
  const path = join(directory, `${evidence}.json`);
  if (!existsSync(path)) {
    throw new BadMarker(
      `testing/evidence/records/${evidence}.json is not there; npm run evidence -- ${evidence} writes it`,
    );
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
