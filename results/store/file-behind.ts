import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UnwritableFile } from './errors.ts';

/**
 * The absolute path without links of a file that a user chose, whether it exists or not: the file behind a link is
 * replaced, not the link. Throws `UnwritableFile` for a link that leads nowhere or in a circle, and for a directory that
 * cannot be used.
 */
export function fileBehind(path: string): string {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })) return realpathSync(path);
    return join(realpathSync(dirname(resolve(path))), basename(path));
  } catch (error) {
    throw new UnwritableFile(path, error);
  }
}
