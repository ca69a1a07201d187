import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { BadMarker } from './markers.ts';

/** What `npm run evidence -- NAME` has recorded, as far as documents quote it. */
export type EvidenceRecord = {
  readonly findings: readonly {
    readonly claim: string;
    readonly found: string;
    readonly holds: boolean;
    readonly figures?: Readonly<Record<string, number>>;
  }[];
};

/** Where the records are, from the project's root. */
const records = 'testing/evidence/records';

/** Throws `BadMarker` if there is none of this name. */
export function readEvidence(name: string, directory = join(projectRoot, records)): EvidenceRecord {
  const file = join(directory, `${name}.json`);
  if (!existsSync(file)) {
    throw new BadMarker(`${records}/${name}.json is not there; npm run evidence -- ${name} writes it`);
  }
  return JSON.parse(readFileSync(file, 'utf8')) as EvidenceRecord;
}

/** All its figures by their names. */
export function figuresOf({ findings }: Pick<EvidenceRecord, 'findings'>): Readonly<Record<string, number>> {
  return Object.assign({}, ...findings.map(({ figures }) => figures)) as Readonly<Record<string, number>>;
}
