import { existsSync, renameSync, rmSync } from 'node:fs';
import { main } from '../cli/main.ts';
import { filesOf } from '../results/files.ts';
import { isOwned } from '../results/owner.ts';
import { referenceDirectory } from './documents.ts';

/**
 * `npm run reference`: measures the run whose figures the texts tell, about 40 minutes. Options go on to `pvw run`:
 * `npm run reference -- chat-room notifications --profile quick` is one to try with.
 *
 * The old run stays until the new one is complete and valid. The seed is fixed, so that schedules are the same each time.
 */
const asked = process.argv.slice(2);
const fresh = 'results/reference-new';

if (isOwned(fresh)) {
  console.error(`reference: ${fresh}/ belongs to a run that is still going on`);
  process.exit(2);
}
// What an interrupted run left; nothing else has this name.
rmSync(fresh, { recursive: true, force: true });
const options = asked.length > 0 ? asked : ['--profile', 'full'];
const code = await main(['run', '--seed', 'reference', ...options, '--out', fresh]);
if (code === 0) {
  replaceReference();
  console.log('results/reference/ is new; npm run docs and npm run screenshots tell it');
} else if (existsSync(fresh)) {
  console.error(`reference: exit code ${code}; results/reference/ is as it was, and what was measured is in ${fresh}/`);
}
process.exitCode = code;

function replaceReference(): void {
  // Megabytes that pvw report makes again.
  rmSync(filesOf(fresh).report, { force: true });
  const old = `${referenceDirectory}-old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(referenceDirectory)) renameSync(referenceDirectory, old);
  renameSync(fresh, referenceDirectory);
  rmSync(old, { recursive: true, force: true });
}
