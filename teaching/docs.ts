import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../machine/host/project-root.ts';
import { ResultsError } from '../results/store/errors.ts';
import { writeWhole } from '../results/store/files.ts';
import { documents, NoReference, readDocument, readReference, renderDocument } from './documents.ts';
import { BadMarker } from './markers/markers.ts';
import { pictures } from './pictures.ts';
import { captureSpecimens } from './specimens.ts';

/** `npm run docs`: fills measured numbers into the documents, from the reference runs and from bytes captured now. */
try {
  const sources = {
    analysis: readReference('full'),
    paths: () => readReference('paths'),
    specimens: await captureSpecimens(),
  };
  for (const path of documents) renew(path, renderDocument(path, readDocument(path), sources));
  for (const [path, draw] of Object.entries(pictures)) renew(path, draw());
} catch (error) {
  if (!(error instanceof BadMarker || error instanceof ResultsError || error instanceof NoReference)) throw error;
  console.error(`docs: ${error.message}`);
  process.exitCode = 2;
}

function renew(path: string, after: string): void {
  const file = join(projectRoot, path);
  const isCurrent = existsSync(file) && readFileSync(file, 'utf8') === after;
  if (!isCurrent) writeWhole(file, after);
  console.log(`${path}: ${isCurrent ? 'was current' : 'renewed'}`);
}
