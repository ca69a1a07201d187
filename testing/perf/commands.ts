import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../machine/host/project-root.ts';

/** Node.js that does nothing, `pvw --help`, and `pvw report` of the committed reference run. */
export type MeasuredCommand = 'node' | 'help' | 'report';

const pvw = join(projectRoot, 'bin', 'pvw.js');

const wordsOf: Readonly<Record<MeasuredCommand, (directory: string) => readonly string[]>> = {
  node: () => ['-e', '0'],
  help: () => [pvw, '--help'],
  report: (directory) => [
    pvw,
    'report',
    join(projectRoot, 'results', 'reference'),
    '--out',
    join(directory, 'report.html'),
  ],
};

/** How long a command takes from its start to its end, in milliseconds. */
export function measureCommand(command: MeasuredCommand): number {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-perf-'));
  try {
    const words = wordsOf[command](directory);
    const startMs = performance.now();
    const { status } = spawnSync(process.execPath, words, { stdio: 'ignore' });
    const tookMs = performance.now() - startMs;
    if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}`);
    return tookMs;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
