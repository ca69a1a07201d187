import { formatNumber } from '../../analysis/figures/format.ts';
import { type Manifest, readManifest } from '../../testing/claims/manifest.ts';
import { BadMarker } from './markers.ts';

/** A figure of the manifest of claims, such as `push-cpu.sseTimes`. Throws `BadMarker` if it is missing. */
export function claimText(name = '', { figures }: Pick<Manifest, 'figures'> = readManifest()): string {
  const figure = Object.hasOwn(figures, name) ? figures[name] : undefined;
  if (figure === undefined) {
    throw new BadMarker(
      `${JSON.stringify(name)} is no figure of a claim; there are ${Object.keys(figures).join(', ')}`,
    );
  }
  return formatNumber(figure.value);
}
