import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { formatNumber } from '../../analysis/figures/format.ts';
import { projectRoot } from '../../machine/host/project-root.ts';

const entry = z.strictObject({
  value: z.number(),
  tolerance: z.number().positive().describe('by which share a later run may differ'),
});

const manifest = z.strictObject({
  measuredAt: z.iso.datetime(),
  machine: z.string(),
  figures: z.record(z.string(), entry).describe('by claim.figure'),
});

export type ManifestEntry = z.infer<typeof entry>;
export type Manifest = z.infer<typeof manifest>;

export const manifestFile = join(projectRoot, 'testing/claims/manifest.json');

export function readManifest(file = manifestFile): Manifest {
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function writeManifest(content: Manifest): void {
  writeFileSync(manifestFile, `${JSON.stringify(content, null, 2)}\n`);
}

/** What became of a figure, as a line. */
export type Judged = { readonly holds: boolean; readonly text: string };

/** Whether a figure measured now is as the manifest says. */
export function judged(name: string, found: number | undefined, recorded: ManifestEntry | undefined): Judged {
  if (found === undefined || !Number.isFinite(found)) return { holds: false, text: `${name}: was not measured` };
  if (recorded === undefined) {
    return {
      holds: false,
      text: `${name}: ${formatNumber(found)}, and the manifest does not have it; --accept adds it`,
    };
  }
  const { value, tolerance } = recorded;
  const off = found / value - 1;
  const holds = Math.abs(off) <= tolerance;
  const percent = (share: number) => `${formatNumber(share * 100, 2)}%`;
  return {
    holds,
    text: `${name}: ${formatNumber(found)}, recorded ${formatNumber(value)}: ${off >= 0 ? '+' : ''}${percent(off)}, ${holds ? 'within' : 'beyond'} ${percent(tolerance)}`,
  };
}
