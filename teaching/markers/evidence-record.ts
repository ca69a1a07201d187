import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';
import { BadMarker } from './markers.ts';

/** What `npm run evidence -- perf` has recorded. */
export type PerfRecord = {
  readonly findings: readonly {
    readonly claim: string;
    readonly holds: boolean;
    readonly figures?: Readonly<Record<string, number>>;
  }[];
};

const path = 'testing/evidence/records/perf.json';

/** Throws `BadMarker` if there is none. */
export function readPerfRecord(): PerfRecord {
  const file = join(projectRoot, path);
  if (!existsSync(file)) throw new BadMarker(`${path} is not there; npm run evidence -- perf writes it`);
  return JSON.parse(readFileSync(file, 'utf8')) as PerfRecord;
}

/** All its figures by their names. */
export function figuresOf({ findings }: PerfRecord): Readonly<Record<string, number>> {
  return Object.assign({}, ...findings.map(({ figures }) => figures)) as Readonly<Record<string, number>>;
}
