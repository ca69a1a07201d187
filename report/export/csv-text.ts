import type { Transport } from '../../protocol/transport.ts';
import { plainText } from '../../text/plain-text.ts';

/** The figures of all trials, as plain data. The page embeds it and builds the CSV from it. */
export type FigureMatrix = {
  /** True if a transport runs against itself. Only then is there an `arm` column, so existing scripts keep working. */
  readonly hasArms: boolean;
  /** True if the run has several paths. Only then is there a `path` column. */
  readonly hasPaths: boolean;
  /** The parameters that the run varies; empty in most runs. */
  readonly axes: readonly string[];
  readonly keys: readonly string[];
  readonly units: readonly string[];
  readonly trials: readonly FigureRow[];
};

export type FigureRow = {
  /** Safe to show in a spreadsheet. */
  readonly scenario: string;
  readonly transport: Transport;
  readonly block: number;
  readonly position: number;
  readonly arm: string;
  /** Name of the path, safe to show in a spreadsheet. */
  readonly path: string;
  /** In the order of the axes; `null` for an axis that does not apply to the trial. */
  readonly point: readonly (number | null)[];
  readonly status: 'valid' | 'invalid' | 'failed';
  /** In the order of the keys, `null` for a figure that was not measured. `null` if the trial has no figures. */
  readonly values: readonly (number | null)[] | null;
};

const header = ['scenario', 'transport', 'block', 'position', 'status', 'figure', 'value', 'unit'] as const;

/** CSV (RFC 4180) with one row per trial and figure. A trial without figures gets one row. */
export function csvText({ hasArms, hasPaths, axes, keys, units, trials }: FigureMatrix): string {
  const rows = trials.flatMap((trial): readonly Row[] => {
    const { scenario, transport, block, position, arm, path, point, status, values } = trial;
    const head = [scenario, transport, block, position, status];
    const varied = point.map((value) => value ?? '');
    const tail = [...(hasArms ? [arm] : []), ...(hasPaths ? [path] : []), ...varied];
    return values === null
      ? [[...head, '', '', '', ...tail]]
      : keys.map((key, index) => [...head, key, values[index] ?? '', units[index]!, ...tail]);
  });
  const columns = [...header, ...(hasArms ? ['arm'] : []), ...(hasPaths ? ['path'] : []), ...axes];
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

type Row = readonly (string | number)[];

/**
 * Puts an apostrophe before text that a spreadsheet would take for a formula, even after leading spaces.
 * https://owasp.org/www-community/attacks/CSV_Injection, which names the wide forms too.
 */
export function textCell(text: string): string {
  const plain = plainText(text, 200);
  // Test the original text: `plainText` has turned a tab or CR into a space.
  return /^[\t\r\n]|^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${plain}` : plain;
}

/** Quoted where RFC 4180 requires it. Numbers are written as JavaScript writes them, so they read back unchanged. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
