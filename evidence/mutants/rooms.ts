import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { sourceFiles } from '../../checks/test-files.ts';

/**
 * What lies between counters and figures. All sources of a room are modules that mutants are made of; until the folder
 * of a room exists, its files are named.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'bench/record': inFolder(
    'bench',
    'byte-record cohort-record distribution exchange-record packet-record process-record specimen-record',
    'timeline-record trial-record',
  ),
  'bench/readings': inFolder('bench', 'ledger order snapshot'),
  'analysis/figures': inFolder(
    'analysis',
    'byte-layers cpu-figure figure figures histogram polling-theory server-pace timeline',
  ),
  'analysis/statistics': inFolder('analysis', 'binomial outlier statistics trend'),
  'analysis/verdict': inFolder(
    'analysis',
    'decision freshness-cost freshness-verdict gap headline needs recommendation tolerance verdict',
  ),
  'analysis/validity': inFolder(
    'analysis',
    'core-check packet-checks stability trial-checks validity via-checks warning warning-rules',
  ),
};

function inFolder(folder: string, ...names: readonly string[]): readonly string[] {
  return names.flatMap((line) => line.split(' ')).map((name) => `${folder}/${name}.ts`);
}

/** A source file of a room. */
export type Module = { readonly room: string; readonly path: string };

/** The modules of all rooms below `root`, in the order of the table. Throws where a room has none. */
export function modulesOf(root: string): readonly Module[] {
  const sources = sourceFiles(root).filter((path) => !path.endsWith('.test.ts'));
  return Object.entries(rooms).flatMap(([room, named]) => {
    const paths = existsSync(join(root, room)) ? sources.filter((path) => posix.dirname(path) === room) : named;
    const missing = paths.find((path) => !sources.includes(path));
    if (missing !== undefined) throw new Error(`${missing} of the room ${room} is not there`);
    if (paths.length === 0) throw new Error(`the room ${room} is empty`);
    return paths.map((path) => ({ room, path }));
  });
}
