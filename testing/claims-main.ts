import { cpus } from 'node:os';
import { didYouMean } from '../text/did-you-mean.ts';
import { claims, type Median } from './claims/claims.ts';
import { judged, type ManifestEntry, readManifest, writeManifest } from './claims/manifest.ts';
import { medianOf } from './claims/measured-claim.ts';

/**
 * `npm run claims [-- NAME …] [--accept]`: measures what published claims and this project's own texts say, and compares
 * it with `testing/claims/manifest.json`. Exit code 1 if a figure is beyond its tolerance. With `--accept` the manifest
 * takes what was measured.
 */
const words = process.argv.slice(2);
const accepts = words.includes('--accept');
const named = words.filter((word) => word !== '--accept');
const unknown = named.find((name) => !Object.hasOwn(claims, name));
if (unknown !== undefined) {
  console.error(`claims: "${unknown}" is unknown${didYouMean(unknown, Object.keys(claims))}; there are:`);
  for (const [name, { words: command }] of Object.entries(claims)) console.error(`  ${name.padEnd(24)} pvw ${command}`);
  process.exit(2);
}
const chosen = Object.entries(claims).filter(([name]) => named.length === 0 || named.includes(name));
const commands = [...new Set(chosen.map(([, { words: command }]) => command))];
const recorded = accepts && named.length === 0 ? {} : readManifest().figures;
const taken: Record<string, ManifestEntry> = { ...recorded };
let failures = 0;
let figures = 0;
for (const [place, command] of commands.entries()) {
  console.error(`run ${place + 1} of ${commands.length}: pvw ${command}`);
  judgeAll(command, await medianOf(command));
}
if (accepts) {
  const machine = `${cpus()[0]?.model}, ${cpus().length} cores, Node.js ${process.version}`;
  writeManifest({ measuredAt: new Date().toISOString(), machine, figures: taken });
}
console.log(accepts ? `${figures} figures taken` : `${figures - failures} figures hold, ${failures} do not`);
process.exit(failures > 0 ? 1 : 0);

function judgeAll(command: string, median: Median): void {
  for (const [name, { words: own, figures: all }] of chosen) {
    if (own !== command) continue;
    for (const [figure, { of, tolerance }] of Object.entries(all)) {
      const key = `${name}.${figure}`;
      const found = of(median);
      const { holds, text } = judged(key, found, recorded[key]);
      console.log(`${accepts ? 'taken' : holds ? 'holds' : 'FAILS'}  ${text}`);
      figures++;
      if (accepts ? found === undefined : !holds) failures++;
      if (found !== undefined) taken[key] = { value: Number(found.toPrecision(4)), tolerance };
    }
  }
}
