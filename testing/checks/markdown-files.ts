import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The documents for readers: the Markdown files at the root and in `docs/`, relative to the root. */
export function markdownFiles(root: string): readonly string[] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => (folder === '' ? name : `${folder}/${name}`));
  return [...inFolder(''), ...inFolder('docs')].sort();
}
