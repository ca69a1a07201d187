import type { Import } from './imports.ts';

/** The test files that changed, or that import a changed file directly or through others. */
export function affectedTests(
  tests: readonly string[],
  changed: readonly string[],
  imports: readonly Pick<Import, 'from' | 'to'>[],
): readonly string[] {
  const importers = new Map<string, string[]>();
  for (const { from, to } of imports) importers.set(to, [...(importers.get(to) ?? []), from]);
  const reached = new Set(changed);
  // Iteration over a Set also visits elements that are added meanwhile.
  for (const path of reached) for (const from of importers.get(path) ?? []) reached.add(from);
  return tests.filter((path) => reached.has(path));
}
