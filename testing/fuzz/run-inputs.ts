import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareRuns, pairRuns } from '../../analysis/comparison/run-comparison.ts';
import { renderCsv } from '../../report/export/csv.ts';
import { renderMarkdown } from '../../report/export/markdown.ts';
import { browserScript } from '../../report/page/bundle.ts';
import { renderReport } from '../../report/page/html.ts';
import { renderComparison } from '../../report/terminal/compare-terminal.ts';
import { renderTerminal } from '../../report/terminal/terminal.ts';
import { type Run, runRecord, trialRecord } from '../../results/schema/schema.ts';
import { ResultsError } from '../../results/store/errors.ts';
import { filesOf } from '../../results/store/files.ts';
import { undecodable } from '../../results/store/histogram-encoding.ts';
import { readRun } from '../../results/store/read-run.ts';
import type { Random } from '../../scenarios/random.ts';
import { syntheticRun } from '../synthetic/synthetic.ts';
import { acceptedMutation, mutatedBytes, mutatedData, mutatedText } from './hostile.ts';
import { type Kind, terminalFault } from './kind.ts';

const usual = syntheticRun({ repeats: 3 });

/** Writes the files of a run with something wrong in them. Half of them still follow the schema. */
export function writeHostileRun(directory: string, random: Random): void {
  if (random.integer(2) === 0) writeReadableRun(directory, random);
  else writeDamagedRun(directory, random);
}

/** Writes the files of a run that follow the schema, with hostile values wherever it allows them. */
export function writeReadableRun(directory: string, random: Random): void {
  const changed = random.integer(usual.trials.length);
  const trials = usual.trials.map((trial, index) =>
    index === changed ? acceptedMutation(trial, random, isTrial) : trial,
  );
  const record = acceptedMutation(usual.record, random, (data) => runRecord.safeParse(data).success);
  write(directory, linesOf([record]), linesOf(trials));
}

function isTrial(data: unknown): boolean {
  return trialRecord.safeParse(data).success && undecodable(data) === undefined;
}

function writeDamagedRun(directory: string, random: Random): void {
  const isRecord = random.integer(3) === 0;
  const changed = random.integer(usual.trials.length);
  const record = isRecord ? mutatedData(usual.record, random) : usual.record;
  const trials = usual.trials.map((trial, index) =>
    !isRecord && index === changed ? mutatedData(trial, random) : trial,
  );
  write(directory, damaged(linesOf([record]), random, 30), damaged(linesOf(trials), random, 15));
}

function write(directory: string, run: string | Buffer, trials: string | Buffer): void {
  mkdirSync(directory, { recursive: true });
  const files = filesOf(directory);
  writeFileSync(files.run, run);
  writeFileSync(files.trials, trials);
}

function linesOf(records: readonly unknown[]): string {
  return `${records.map((record) => JSON.stringify(record)).join('\n')}\n`;
}

/** One text in `every` damaged as text or as bytes. */
function damaged(text: string, random: Random, every: number): string | Buffer {
  if (random.integer(every) > 0) return text;
  return random.integer(2) === 0 ? mutatedText(text, random) : mutatedBytes(Buffer.from(text), random);
}

/** Run directories, read and shown in every form. */
export const runKind: Kind = {
  open: async () => {
    const home = mkdtempSync(join(tmpdir(), 'fuzz-'));
    // Built once per process; every page needs it.
    await browserScript();
    const directory = join(home, 'run');
    return {
      attempt: async (random) => {
        writeHostileRun(directory, random);
        const run = readOrRefuse(directory);
        return typeof run === 'object' ? await shownFault(run) : run;
      },
      close: async () => rmSync(home, { recursive: true, force: true }),
    };
  },
};

/** The run; `undefined` if it is refused as it should be, else what is wrong with the refusal. */
function readOrRefuse(directory: string): Run | string | undefined {
  try {
    return readRun(directory);
  } catch (error) {
    if (!(error instanceof ResultsError)) return error instanceof Error ? error.stack : String(error);
    return error.message.includes('\n') ? `more than one line: ${error.message.slice(0, 300)}` : undefined;
  }
}

async function shownFault(run: Run): Promise<string | undefined> {
  try {
    const comparison = compareRuns(pairRuns(usual, run), { force: true });
    const shown = [renderTerminal(run), renderComparison(comparison, { names: { a: 'a', b: 'b' } })];
    const csv = renderCsv(run);
    const markdown = renderMarkdown(run);
    const page = await renderReport(run);
    return (
      shown.map(terminalFault).find((fault) => fault !== undefined) ??
      formulaFault(csv) ??
      markupFault(markdown, 'Markdown') ??
      markupFault(page, 'the page')
    );
  } catch (error) {
    return error instanceof Error ? error.stack : String(error);
  }
}

/** A cell that a spreadsheet would run. Numbers may begin with a minus. */
function formulaFault(csv: string): string | undefined {
  const cell = /(?:^|,|")([=@+]|-(?![\d.]|Infinity))[^,\n]*/m.exec(csv)?.[0];
  return cell === undefined ? undefined : `a formula in the CSV: ${JSON.stringify(cell.slice(0, 80))}`;
}

/** Markup of the hostile texts that has come through whole. In Markdown a backslash before it takes its meaning away. */
function markupFault(text: string, where: string): string | undefined {
  const markup = /(?<!\\)<(script>document\.title|img src=x|svg onload)/.exec(text)?.[0];
  return markup === undefined ? undefined : `unescaped in ${where}: ${markup}`;
}
