import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Deals files to at most `processes` processes. Neighbours are separated: files of one folder take about as long. */
export function dealOut(files: readonly string[], processes: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.min(processes, files.length) }, (_, hand) =>
    files.filter((_, index) => index % processes === hand),
  );
}

/** Writes a program for each process that loads its files, since node:test isolates every file. Returns the paths. */
export function writePrograms(hands: readonly (readonly string[])[], directory: string): readonly string[] {
  const loader = pathToFileURL(join(import.meta.dirname, 'load-tests.ts')).href;
  return hands.map((files, index) => {
    const program = join(directory, `tests-${index + 1}.mjs`);
    writeFileSync(
      program,
      `import { loadTests } from ${JSON.stringify(loader)};\nawait loadTests(${JSON.stringify(files)});\n`,
    );
    return program;
  });
}
