import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { projectRoot } from '../../machine/host/project-root.ts';

/** The programs of this measurement as plain JavaScript, as those of a run are. */
export type Programs = { readonly sender: string; readonly receiver: string };

/** Bundles the programs, measures, and removes them. */
export async function withPerfPrograms<T>(measure: (programs: Programs) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-perf-'));
  try {
    await build({
      absWorkingDir: projectRoot,
      entryPoints: { sender: 'testing/perf/sender-main.ts', receiver: 'testing/perf/receiver-main.ts' },
      outdir: directory,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['bufferutil', 'utf-8-validate'],
      logLevel: 'silent',
    });
    await stop();
    return await measure({ sender: join(directory, 'sender.cjs'), receiver: join(directory, 'receiver.cjs') });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
