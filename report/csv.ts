import { type FigureKey, figureKeys, figures } from '../analysis/figures.ts';
import { type AssessedTrial, analyseRun } from '../analysis/run-analysis.ts';
import type { Run, TrialRecord } from '../results/schema.ts';
import { plainText } from './plain-text.ts';

const header = ['scenario', 'transport', 'block', 'position', 'status', 'figure', 'value', 'unit'] as const;

/** Only where a transport runs against itself: elsewhere files keep the columns that scripts know. */
const armColumn = 'arm';

/**
 * A run as CSV (RFC 4180): a row for each trial and figure, in the order in which the trials ended. Values are unrounded
 * and in the unit of the last column: ms, bytes, share (0 to 1), count, ms/s; empty where not measured. `status` is
 * valid, invalid or failed; a failed trial is one row without figure.
 */
export function renderCsv(run: Run): string {
  const assessed = new Map<TrialRecord, AssessedTrial>(
    analyseRun(run).scenarios.flatMap(({ transports }) =>
      transports.flatMap(({ completed }) => completed.map((each) => [each.trial, each] as const)),
    ),
  );
  const rows = run.trials.flatMap((trial) => {
    const own = rowsOf(trial, assessed.get(trial));
    return run.record.plan.aa ? own.map((row) => [...row, trial.arm ?? '']) : own;
  });
  return [run.record.plan.aa ? [...header, armColumn] : header, ...rows]
    .map((row) => `${row.map(field).join(',')}\r\n`)
    .join('');
}

type Row = readonly (string | number)[];

function rowsOf(trial: TrialRecord, assessed: AssessedTrial | undefined): readonly Row[] {
  const { transport, block, position } = trial;
  const head = [textCell(trial.scenario), transport, block, position];
  if (!assessed) return [[...head, trial.status === 'failed' ? 'failed' : 'invalid', '', '', '']];
  const status = assessed.valid ? 'valid' : 'invalid';
  const value = (key: FigureKey) => assessed.figures[key] ?? '';
  return figureKeys.map((key) => [...head, status, key, value(key), figures[key].unit]);
}

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
