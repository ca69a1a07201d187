import { posix } from 'node:path';
import { sourceFiles } from '../../checks/test-files.ts';

/** The folders between counters and figures: every source in them is mutated. */
const rooms = [
  'bench/record',
  'bench/readings',
  'analysis/figures',
  'analysis/statistics',
  'analysis/verdict',
  'analysis/validity',
] as const;

/** A source file of a room. */
export type Module = { readonly room: string; readonly path: string };

/** The modules of all rooms below `root`, in the order of the table. Throws if a room has none. */
export function modulesOf(root: string): readonly Module[] {
  const sources = sourceFiles(root).filter((path) => !path.endsWith('.test.ts'));
  return rooms.flatMap((room) => {
    const paths = sources.filter((path) => posix.dirname(path) === room);
    if (paths.length === 0) throw new Error(`the room ${room} is empty`);
    return paths.map((path) => ({ room, path }));
  });
}
