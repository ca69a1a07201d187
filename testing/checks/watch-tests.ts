import { spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { sep } from 'node:path';
import { affectedTests } from './affected-tests.ts';
import { readImports } from './imports.ts';
import { sourceFiles } from './test-files.ts';

/** Milliseconds to wait after a change: an editor writes a file in several steps, and a formatter may follow. */
const settleMs = 200;

/**
 * Runs the chosen test files, and after each change those that it can affect. A change to a file that is not TypeScript
 * (a style sheet, a document) affects all. Runs until it is interrupted.
 */
export function watchTests(root: string, chosen: () => readonly string[], options: readonly string[]): void {
  const run = (files: readonly string[]) => {
    if (files.length > 0)
      spawnSync(process.execPath, [...command, ...options, ...files], { cwd: root, stdio: 'inherit' });
    console.log(`\n${files.length} test files ran; waiting for a change`);
  };
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const settled = () => {
    const paths = [...changed];
    changed = new Set();
    run(paths.every(isSource) ? affectedTests(chosen(), paths, readImports(root, sourceFiles(root))) : chosen());
  };
  watch(root, { recursive: true }, (_, name) => {
    const path = name?.split(sep).join('/');
    if (path === undefined || isIgnored(path)) return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(settled, settleMs);
  });
  run(chosen());
}

const command = ['--import', 'tsx', 'testing/checks/run-tests.ts'];

function isSource(path: string): boolean {
  return path.endsWith('.ts');
}

/** Files that tests write, logs, and what is not part of the project. */
function isIgnored(path: string): boolean {
  return /^(node_modules|\.git|coverage|results\/[^/]+\/)/.test(path) || !/\.\w+$/.test(path) || path.endsWith('.log');
}
