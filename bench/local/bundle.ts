import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { projectRoot } from '../../machine/host/project-root.ts';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import type { Role } from '../fleet/fleet.ts';
import { sweepLeftovers } from './leftovers.ts';
import { makeTemporaryDirectory, unusableTemporaryDirectory } from './temporary-directory.ts';

/** The programs of a run as plain JavaScript, and a directory for its local sockets. */
export type Bundle = {
  readonly directory: string;
  readonly programs: Readonly<Record<Role, string>>;
  readonly remove: () => Promise<void>;
};

const entries: Readonly<Record<Role, string>> = {
  server: 'servers/main/main.ts',
  load: 'clients/load/main.ts',
  source: 'servers/main/source-main.ts',
  relay: 'network/relay/relay-main.ts',
  backplane: 'servers/main/backplane-main.ts',
  proxy: 'network/proxy/proxy-main.ts',
};

/**
 * Bundles the programs of the measured processes once per run: with the TypeScript loader each would start 0.3 s later
 * and take 27 MB more. The directory is marked as one of this process, so that a later run can remove what a killed one
 * left behind. Throws `UsageError` if there is no room for temporary files.
 */
export async function bundlePrograms(): Promise<Bundle> {
  sweepLeftovers();
  const directory = makeTemporaryDirectory();
  const remove = () => rm(directory, { recursive: true, force: true });
  await build({
    absWorkingDir: projectRoot,
    entryPoints: { ...entries },
    outdir: directory,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // Optional native parts of ws, not needed.
    external: ['bufferutil', 'utf-8-validate'],
    logLevel: 'silent',
  }).catch(async (error: unknown) => {
    await remove();
    // Anything else is a mistake in the sources.
    if (!/write to output file|no space|permission/i.test(reasonOf(error))) throw error;
    throw unusableTemporaryDirectory(plainText(reasonOf(error), 300));
  });
  // esbuild's service would run beside the measurement, and a Ctrl-C meant for pvw would kill it.
  await stop();
  const program = (role: Role) => join(directory, `${role}.cjs`);
  return {
    directory,
    programs: {
      server: program('server'),
      load: program('load'),
      source: program('source'),
      relay: program('relay'),
      backplane: program('backplane'),
      proxy: program('proxy'),
    },
    remove,
  };
}
