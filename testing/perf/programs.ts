import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { projectRoot } from '../../machine/host/project-root.ts';

/** The processes that are measured, and those at their other end. */
const entries = {
  sender: 'testing/perf/serving/sender-main.ts',
  server: 'testing/perf/serving/server-main.ts',
  receiver: 'testing/perf/receiving/receiver-main.ts',
  echo: 'testing/perf/receiving/echo-main.ts',
  autocannon: 'testing/perf/receiving/autocannon-main.ts',
} as const;

type ProgramName = keyof typeof entries;

/** The programs as plain JavaScript, as those of a run are. */
export type Programs = Readonly<Record<ProgramName, string>>;

/** Bundles the programs, measures, and removes them. */
export async function withPerfPrograms<T>(measure: (programs: Programs) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-perf-'));
  try {
    await build({
      absWorkingDir: projectRoot,
      entryPoints: { ...entries },
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
    const names = Object.keys(entries) as readonly ProgramName[];
    return await measure(Object.fromEntries(names.map((name) => [name, join(directory, `${name}.cjs`)])) as Programs);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
