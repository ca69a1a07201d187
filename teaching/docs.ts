import { join } from 'node:path';
import { projectRoot } from '../machine/host/project-root.ts';
import { ResultsError } from '../results/store/errors.ts';
import { writeWhole } from '../results/store/files.ts';
import { documents, NoReference, readDocument, readReference, renderDocument, type Sources } from './documents.ts';
import { BadMarker } from './markers.ts';
import { captureSpecimens } from './specimens.ts';

/** `npm run docs`: fills measured numbers into the documents, from the reference runs and from bytes captured now. */
try {
  const sources = {
    analysis: readReference('full'),
    paths: () => readReference('paths'),
    specimens: await captureSpecimens(),
  };
  for (const path of documents) renew(path, sources);
} catch (error) {
  if (!(error instanceof BadMarker || error instanceof ResultsError || error instanceof NoReference)) throw error;
  console.error(`docs: ${error.message}`);
  process.exitCode = 2;
}

function renew(path: string, sources: Sources): void {
  const before = readDocument(path);
  const after = renderDocument(path, before, sources);
  if (after !== before) writeWhole(join(projectRoot, path), after);
  console.log(`${path}: ${after === before ? 'was current' : 'renewed'}`);
}
