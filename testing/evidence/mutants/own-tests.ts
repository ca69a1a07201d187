import { posix } from 'node:path';
import type { Import } from '../../checks/imports.ts';

/**
 * The fast tests that hold a module: the one beside it and those of its folder that import it. The one beside it comes
 * first, as it is the likest to notice.
 *
 * `tests`: all fast test files of the project; `imports`: what they import.
 */
export function ownTests(module: string, tests: readonly string[], imports: readonly Import[]): readonly string[] {
  const folder = posix.dirname(module);
  const beside = module.replace(/\.ts$/, '.test.ts');
  const importing = imports
    .filter(({ to, from, typeOnly }) => to === module && !typeOnly && posix.dirname(from) === folder)
    .map(({ from }) => from);
  return [...new Set([beside, ...importing])].filter((path) => tests.includes(path));
}
