import { formatDuration } from '../../text/duration.ts';
import type { FieldRow } from '../fields.ts';

/** The default of a field as a file would write it, or what happens without the field, in words. */
export function defaultText(row: FieldRow): string | undefined {
  if (!('default' in row) || row.default === undefined) return row.otherwise;
  return row.kind === 'duration' ? formatDuration(row.default) : String(row.default);
}
