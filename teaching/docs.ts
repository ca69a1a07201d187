import { join } from 'node:path';
import { writeWhole } from '../results/files.ts';
import { documents, readDocument, readReference, renderDocument, root } from './documents.ts';
import { captureSpecimens } from './specimens.ts';

/** `npm run docs`: fills the measured numbers of the texts in, from the reference run and from bytes captured now. */
const sources = { analysis: readReference(), specimens: await captureSpecimens() };
for (const path of documents) {
  const before = readDocument(path);
  const after = renderDocument(path, before, sources);
  if (after !== before) writeWhole(join(root, path), after);
  console.log(`${path}: ${after === before ? 'was current' : 'renewed'}`);
}
