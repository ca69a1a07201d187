import { formatNumber } from '../../analysis/figures/format.ts';
import { figuresOf, readEvidence } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

/** A figure recorded by an evidence program, such as `deflate-memory.clients`. Throws `BadMarker` if it is missing. */
export function evidenceText(name = '', directory?: string): string {
  const [evidence = '', key = ''] = name.split('.');
  const figures = figuresOf(readEvidence(evidence, directory));
  const figure = Object.hasOwn(figures, key) ? figures[key] : undefined;
  if (figure === undefined) {
    throw new BadMarker(
      `${JSON.stringify(key)} is no figure of ${evidence}; there are ${Object.keys(figures).join(', ')}`,
    );
  }
  return formatNumber(figure);
}
