import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Tests of the tier `test` need only Node, those of `verify` need system tools: browser, NGINX, namespaces. */
export const tiers = ['test', 'verify'] as const;

export type Tier = (typeof tiers)[number];

/** Folders without sources of the project. */
const skipped = new Set(['node_modules', '.git', 'coverage']);

/** Every `.ts` file of the project below `root`, as paths relative to it with `/`, sorted. */
export function sourceFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => skipped.has(part)))
    .sort();
}

/** Whether only the tier `verify` runs a test file. Its name says so. */
function isSystemTest(path: string): boolean {
  return /\.(system|browser|timed)\.test\.ts$/.test(path);
}

/** What a test file needs of the machine: CPU time, processes that mostly wait, or nothing else running. */
export type Need = 'cores' | 'processes' | 'quiet';

export function needOf(path: string): Need {
  if (/\.timed\.test\.ts$/.test(path)) return 'quiet';
  return isSystemTest(path) ? 'processes' : 'cores';
}

/** Test files of one tier; `verify` does not include those of `test`. */
export function testFiles(root: string, tier: Tier): readonly string[] {
  return sourceFiles(root).filter((path) => path.endsWith('.test.ts') && isSystemTest(path) === (tier === 'verify'));
}

/** The longest files start first, so that none runs alone at the end; short ones fill the gaps. */
export const long: readonly string[] = [
  'bench/fleet/fleet.system.test.ts',
  'testing/trials/nginx-trial.system.test.ts',
  'bench/trial/storm.system.test.ts',
  'cli/via-run.system.test.ts',
  'testing/trials/link-trials.system.test.ts',
  'testing/trials/packets.system.test.ts',
];

/** The same files, the long ones first and the others in their order. */
export function longestFirst(files: readonly string[]): readonly string[] {
  return [...long.filter((path) => files.includes(path)), ...files.filter((path) => !long.includes(path))];
}
