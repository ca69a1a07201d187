import { posix } from 'node:path';
import type { Import } from '../../checks/imports.ts';

/**
 * The fast tests of a module: the one beside it and those of its folder that import it. The one beside it comes first,
 * because it is most likely to notice a mutant.
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
