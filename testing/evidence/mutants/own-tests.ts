import { posix } from 'node:path';
import type { Import } from '../../checks/imports.ts';

/** Modules that a test holds without importing them: by the base names of both, so that a move does not lose them. */
const heldBy: Readonly<Record<string, readonly string[]>> = {
  'trial-checks.ts': ['validity.test.ts'],
  'warning-rules.ts': ['validity.test.ts'],
};

/**
 * The fast tests that hold a module: the one beside it, those of its folder that import it, and those of the table. The
 * one beside it comes first, as it is the likest to notice.
 *
 * `tests`: all fast test files of the project; `imports`: what they import.
 */
export function ownTests(module: string, tests: readonly string[], imports: readonly Import[]): readonly string[] {
  const folder = posix.dirname(module);
  const beside = module.replace(/\.ts$/, '.test.ts');
  const named = (heldBy[posix.basename(module)] ?? []).map((name) => posix.join(folder, name));
  const importing = imports
    .filter(({ to, from, typeOnly }) => to === module && !typeOnly && posix.dirname(from) === folder)
    .map(({ from }) => from);
  return [...new Set([beside, ...named, ...importing])].filter((path) => tests.includes(path));
}
