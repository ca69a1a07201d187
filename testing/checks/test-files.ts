import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** `test` needs nothing but Node; `verify` adds what needs a system's tools: browser, NGINX, namespaces. */
export const tiers = ['test', 'verify'] as const;

export type Tier = (typeof tiers)[number];

/** Folders without sources of ours. */
const skipped = new Set(['node_modules', '.git', 'coverage']);

/** Every `.ts` file of the project below `root`, as paths relative to it with `/`, sorted. */
export function sourceFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => skipped.has(part)))
    .sort();
}

/** The test files that only the tier `verify` runs say so in their names. */
function isSystemTest(path: string): boolean {
  return /\.(system|browser|timed)\.test\.ts$/.test(path);
}

/** What a test file needs of the machine: to compute, to start processes that mostly wait, or to have it for itself. */
export type Need = 'cores' | 'processes' | 'quiet';

export function needOf(path: string): Need {
  if (/\.timed\.test\.ts$/.test(path)) return 'quiet';
  return isSystemTest(path) ? 'processes' : 'cores';
}

/** Test files of one tier; `verify` has its own and not those of `test`. */
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

/** The same files, the long ones in front and all else as it was. */
export function longestFirst(files: readonly string[]): readonly string[] {
  return [...long.filter((path) => files.includes(path)), ...files.filter((path) => !long.includes(path))];
}
