import type { Transport } from '../../protocol/transport.ts';
import { plainText } from '../../text/plain-text.ts';

/** The figures of all trials as plain data: what the CSV holds, and small enough to stand in the page. */
export type FigureMatrix = {
  /** Where a transport runs against itself. Other files keep the columns that scripts know. */
  readonly hasArms: boolean;
  /** Where the run has several paths. */
  readonly hasPaths: boolean;
  /** What the run varies; empty in most runs. */
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
  /** What its path is called, safe to show in a spreadsheet. */
  readonly path: string;
  /** In the order of the axes, `null` where a trial is not on one. */
  readonly point: readonly (number | null)[];
  readonly status: 'valid' | 'invalid' | 'failed';
  /** In the order of the keys, `null` where not measured; `null` for a trial that has none at all. */
  readonly values: readonly (number | null)[] | null;
};

const header = ['scenario', 'transport', 'block', 'position', 'status', 'figure', 'value', 'unit'] as const;

/** RFC 4180, a row for each trial and figure; a trial without figures is one row. */
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
 * Text that a spreadsheet would take for a formula gets an apostrophe in front, spaces before it or not.
 * https://owasp.org/www-community/attacks/CSV_Injection, which names the wide forms too.
 */
export function textCell(text: string): string {
  const plain = plainText(text, 200);
  // The first look is at the text itself: a tab or CR is a space by now.
  return /^[\t\r\n]|^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${plain}` : plain;
}

/** Quoted where RFC 4180 asks for it; numbers as JavaScript writes them, which reads back to the same number. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
