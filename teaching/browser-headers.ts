import { join } from 'node:path';
import { projectRoot } from '../machine/host/project-root.ts';
import { chromiumCommands, findCommand } from '../machine/host/system-tools.ts';
import { browserHeaders, requestKinds } from '../network/route/browser-headers.ts';
import { writeWhole } from '../results/store/files.ts';
import { captureHeaders } from './header-capture.ts';
import { headBytes, headerDifferences } from './header-differences.ts';

/**
 * `npm run browser-headers`: captures the headers of this machine's Chromium and prints how they differ from the stored ones;
 * `--write` stores them.
 */
const [option, ...rest] = process.argv.slice(2);
const chromium = process.env.CHROMIUM ?? findCommand(...chromiumCommands);
if ((option !== undefined && option !== '--write') || rest.length > 0) {
  refuse('only --write is understood: keep what was captured');
} else if (chromium === undefined) {
  refuse('Chromium is missing; install it (Debian: apt-get install chromium) or set CHROMIUM to its path');
} else {
  await renew(chromium, option === '--write');
}

function refuse(why: string): void {
  console.error(`browser-headers: ${why}`);
  process.exitCode = 2;
}

async function renew(executablePath: string, write: boolean): Promise<void> {
  const found = await captureHeaders(executablePath);
  const differences = headerDifferences(browserHeaders, found);
  console.log(`kept: ${browserHeaders.browser}, ${browserHeaders.capturedOn}; here: ${found.browser}`);
  for (const kind of requestKinds)
    console.log(`${kind}: ${headBytes(found.heads.http[kind] ?? [])} bytes over HTTP/1.1`);
  console.log(differences.length === 0 ? 'The headers are the same.' : differences.join('\n'));
  if (!write) return;
  writeWhole(join(projectRoot, 'network/route/browser-headers.json'), `${JSON.stringify(found, null, 2)}\n`);
  console.log('network/route/browser-headers.json: written');
}
