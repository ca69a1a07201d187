import { formatDuration } from '../../text/duration.ts';
import type { FieldRow } from '../fields.ts';

/**
 * A field's default as written in a file, or in words what applies without the field; undefined when it has neither.
 */
export function defaultText(row: FieldRow): string | undefined {
  if (!('default' in row) || row.default === undefined) return row.otherwise;
  return row.kind === 'duration' ? formatDuration(row.default) : String(row.default);
}
