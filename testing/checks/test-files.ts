import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Tests of the tier `test` need only Node and little time; those of `verify` need more time, or system tools: browser,
 * NGINX, namespaces. Those of `faults` break something on purpose or lead through proxies of a user, and take minutes.
 */
export const tiers = ['test', 'verify', 'faults'] as const;

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

/** The tier that runs a test file. Its name says so. */
function tierOf(path: string): Tier {
  if (/\.faults\.test\.ts$/.test(path)) return 'faults';
  return /\.(long|system|browser|timed)\.test\.ts$/.test(path) ? 'verify' : 'test';
}

/** What a test file needs of the machine: CPU time, processes that mostly wait, or nothing else running. */
export type Need = 'cores' | 'processes' | 'quiet';

export function needOf(path: string): Need {
  if (/\.timed\.(faults\.)?test\.ts$/.test(path)) return 'quiet';
  return tierOf(path) === 'test' || /\.long\.test\.ts$/.test(path) ? 'cores' : 'processes';
}

/** Test files of one tier; none is in two. */
export function testFiles(root: string, tier: Tier): readonly string[] {
  return sourceFiles(root).filter((path) => path.endsWith('.test.ts') && tierOf(path) === tier);
}

/** The longest files start first, so that none runs alone at the end; short ones fill the gaps. */
export const long: readonly string[] = [
  'scenarios/file/scenario-module.test.ts',
  'contract/resume.test.ts',
  'contract/several-nodes.test.ts',
  'clients/load/client-work.test.ts',
  'contract/by-library.system.test.ts',
  'testing/oracles/hostile-peer.faults.test.ts',
  'bench/fleet/fleet.system.test.ts',
  'testing/trials/nginx-trial.system.test.ts',
  'bench/trial/storm.faults.test.ts',
  'cli/via-run.faults.test.ts',
  'testing/trials/link-trials.system.test.ts',
  'testing/trials/packets.system.test.ts',
];

/** The same files, the long ones first and the others in their order. */
export function longestFirst(files: readonly string[]): readonly string[] {
  return [...long.filter((path) => files.includes(path)), ...files.filter((path) => !long.includes(path))];
}
