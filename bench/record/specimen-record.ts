import type { Passage, Specimen } from '../../clients/load/specimen.ts';
import type { SpecimenRecord } from '../../results/schema/schema.ts';

type Piece = SpecimenRecord[number]['pieces'][number];
type Span = { readonly start: number; readonly end: number; readonly layer: Piece['layer'] };

/** Only the beginning of a longer piece is kept: 48 kB of one payload show nothing more. */
const keptBytes = 600;

/** Assigns each byte of an exchange to a layer: HTTP head, update (plain or base64), or framing for the rest. */
export function specimenRecord({ passages, updates }: Specimen): SpecimenRecord {
  const wanted = updates.flatMap((update) => [update, Buffer.from(update.toString('base64'), 'latin1')]);
  return passages.map(({ direction, bytes }: Passage) => ({ direction, pieces: piecesOf(bytes, wanted) }));
}

function piecesOf(bytes: Buffer, updates: readonly Buffer[]): Piece[] {
  const known = [...headSpans(bytes), ...updateSpans(bytes, updates)].sort((a, b) => a.start - b.start);
  const spans: Span[] = [];
  let at = 0;
  for (const span of known) {
    if (span.start < at) continue;
    if (span.start > at) spans.push({ start: at, end: span.start, layer: 'framing' });
    spans.push(span);
    at = span.end;
  }
  if (at < bytes.length) spans.push({ start: at, end: bytes.length, layer: 'framing' });
  return spans.map(({ start, end, layer }) => ({
    layer,
    length: end - start,
    base64: bytes.subarray(start, Math.min(end, start + keptBytes)).toString('base64'),
  }));
}

/** HTTP heads: from a request or status line to the empty line (RFC 9112, 2.1). */
function headSpans(bytes: Buffer): readonly Span[] {
  const text = bytes.toString('latin1');
  return [...text.matchAll(/(?:GET|POST) \S+ HTTP\/1\.1\r\n|HTTP\/1\.1 \d{3} /g)].flatMap(({ index }) => {
    const end = text.indexOf('\r\n\r\n', index);
    return end < 0 ? [] : [{ start: index, end: end + 4, layer: 'headers' as const }];
  });
}

function updateSpans(bytes: Buffer, updates: readonly Buffer[]): readonly Span[] {
  return updates.flatMap((update) => {
    const start = bytes.indexOf(update);
    return start < 0 || update.length === 0 ? [] : [{ start, end: start + update.length, layer: 'update' as const }];
  });
}
