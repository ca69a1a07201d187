import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../cli/main.ts';
import { projectRoot } from '../machine/host/project-root.ts';
import { filesOf } from '../results/store/files.ts';
import { isOwned } from '../results/store/owner.ts';
import { type ReferenceName, references } from './documents.ts';

/**
 * `npm run reference`: measures the runs that the documents quote, in about an hour. `-- full` or `-- paths` measures
 * one of them. Arguments after the name replace the profile in `pvw run`; for a quick trial:
 * `npm run reference -- full chat-room --profile quick`.
 *
 * The old run stays until the new one is complete and valid. The seed is fixed, so every run has the same schedules.
 */
const [asked, ...options] = process.argv.slice(2);
const names = Object.keys(references) as ReferenceName[];
const wanted = names.filter((name) => asked === undefined || name === asked);
if (wanted.length === 0) {
  console.error(`reference: ${JSON.stringify(asked)} is unknown; give ${names.join(' or ')}, or nothing for both`);
  process.exit(2);
}
for (const name of wanted) process.exitCode = (await renew(name)) || (process.exitCode ?? 0);

async function renew(name: ReferenceName): Promise<number> {
  const fresh = `${references[name]}-new`;
  if (isOwned(fresh)) {
    console.error(`reference: ${fresh}/ belongs to a run that is still going on`);
    return 2;
  }
  // Left by an interrupted run; nothing else uses this name.
  rmSync(fresh, { recursive: true, force: true });
  const run = options.length > 0 ? options : ['--profile', name];
  const code = await main(['run', '--seed', 'reference', ...run, '--out', fresh]);
  if (code === 0) {
    replace(join(projectRoot, references[name]), fresh);
    console.log(`${references[name]}/ is new; npm run docs and npm run screenshots bring the documents up to date`);
  } else if (existsSync(fresh)) {
    console.error(`reference: exit code ${code}; ${references[name]}/ is as it was, what was measured is in ${fresh}/`);
  }
  return code;
}

function replace(kept: string, fresh: string): void {
  // Not kept: the page takes megabytes, and `pvw report` can make it again.
  rmSync(filesOf(fresh).report, { force: true });
  const old = `${kept}-old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(kept)) renameSync(kept, old);
  renameSync(fresh, kept);
  rmSync(old, { recursive: true, force: true });
}
