import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../machine/host/project-root.ts';
import { type HouseFigures, houseFigures, longFunctionLines, type Sizes } from './house-figures.ts';
import { sourceFiles } from './test-files.ts';

/**
 * `npm run house` prints sizes and imports of the sources. It checks nothing; the rules are in `architecture.test.ts`.
 */
const help = `npm run house [-- --json]

How to read:
  folders      sources directly in a folder, tests apart. Many beside each other are a folder that wants rooms.
  files        lines of sources and of tests. Small alone is not good: fragments that only make sense together are one.
  functions    those over ${longFunctionLines} lines are named. Each wants a reason, such as a closure over hot state.
  circles      files that import each other, types included: none of them can be read or moved alone.
  chain        the most files in a row of which each imports the next.
  names        base names that several folders have, which a search by name confuses.`;

const { values: asked } = parseArgs({
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (asked.help) {
  console.log(help);
} else {
  const figures = figuresOf(projectRoot);
  console.log(asked.json ? JSON.stringify(figures, null, 2) : textOf(figures));
}

function figuresOf(root: string): HouseFigures {
  const texts = sourceFiles(root).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
  return houseFigures(texts, folders);
}

function textOf(figures: HouseFigures): string {
  const { folders, circles, longestChain, repeatedNames } = figures;
  const blocks = [
    [
      `${figures.rootFolders} folders at the root; in each folder sources, tests`,
      ...folders.map(({ folder, sources, tests }) => `${count(sources)} ${count(tests)}  ${folder}`),
    ],
    [
      `lines of files: sources ${sizes(figures.fileLines)}; tests ${sizes(figures.testLines)}`,
      ...figures.largestFiles.map(({ path, lines }) => `${count(lines)}  ${path}`),
    ],
    [
      `lines of functions: ${sizes(figures.functionLines)}; over ${longFunctionLines}: ${figures.longFunctions.length}`,
      ...figures.longFunctions.map(({ path, line, name, lines }) => `${count(lines)}  ${path}:${line} ${name}`),
    ],
    [
      `circles between files: ${circles.length}`,
      ...circles.flatMap(({ files, imports }) => [
        `  ${files.length} files: ${files.join(', ')}`,
        ...imports.map(({ from, to, line, typeOnly }) => `    ${from}:${line} → ${to}${typeOnly ? ' (types)' : ''}`),
      ]),
    ],
    [`longest chain of imports: ${longestChain.length} files`, ...longestChain.map((path) => `  ${path}`)],
    [
      `base names in several folders: ${repeatedNames.length}`,
      ...repeatedNames.map(({ name, folders: where }) => `  ${name}: ${where.join(', ')}`),
    ],
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
}

function sizes({ count: number, median, largest }: Sizes): string {
  return `${number}, median ${median}, largest ${largest}`;
}

function count(value: number): string {
  return String(value).padStart(5);
}
