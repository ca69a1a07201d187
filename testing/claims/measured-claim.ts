import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { readRun } from '../../results/store/read-run.ts';
import type { Median } from './claims.ts';

/** Runs `pvw` with these words, and gives the medians of its valid trials. Rejects if it does not measure anything. */
export async function medianOf(words: string): Promise<Median> {
  const home = mkdtempSync(join(tmpdir(), 'pvw-claim-'));
  try {
    await runPvw([...words.split(' '), '--quiet', '--out', 'run'], home);
    const [scenario] = analyseRun(readRun(join(home, 'run'))).scenarios;
    const rows = new Map(scenario!.transports.map(({ transport, medians }) => [transport, medians]));
    return (transport, figure) => rows.get(transport)?.[figure];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A run that is invalid has medians of what is valid in it. */
const mayEndWith: readonly unknown[] = [0, 4];

function runPvw(words: readonly string[], home: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { cwd: home, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [join(projectRoot, 'bin/pvw.js'), ...words], options, (error, _stdout, stderr) => {
      if (error && !mayEndWith.includes(error.code)) reject(new Error(`pvw ${words.join(' ')}: ${stderr.trim()}`));
      else resolve();
    });
  });
}
