import { transportTitles } from '../../protocol/transport.ts';
import type { Run } from '../../results/schema/schema.ts';
import { wrapText } from '../../text/plain-text.ts';
import { type CapacityOutcome, capacityOutcome } from '../capacity/capacity-outcome.ts';
import {
  agreementText,
  capacityCells,
  capacityColumns,
  capacityHeading,
  capacityNotes,
  conclusions,
  searchedText,
} from '../capacity/capacity-text.ts';
import { numbersOfRun } from '../prediction/numbers-of-run.ts';

type Paper = {
  readonly width: number;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
};

/** What a search found, as a table, a sentence for each transport, and how to read it; `undefined` for another run. */
export function renderCapacity(run: Run, paper: Paper): string | undefined {
  const outcome = capacityOutcome(run, numbersOfRun(run, undefined)?.path);
  if (!outcome) return undefined;
  const { plan, rows } = outcome;
  const bullet = (text: string) =>
    wrapText(text, paper.width - 2).map((line, place) => `${place === 0 ? '- ' : '  '}${line}`);
  const agreement = agreementText(rows.map(({ found }) => found));
  const lines = [
    paper.bold(capacityHeading(outcome)),
    ...wrapText(`Searched for: ${searchedText(plan)}.`, paper.width).map(paper.dim),
    '',
    ...(rows.length === 0 ? ['No window has ended.'] : tableOf(outcome)),
    '',
    ...rows.flatMap(({ found }) => conclusions(found, plan).flatMap(bullet)),
    ...(agreement === undefined ? [] : bullet(agreement)),
    '',
    ...capacityNotes.flatMap((note) => wrapText(note, paper.width)).map(paper.dim),
  ];
  return `${lines.join('\n')}\n`;
}

function tableOf({ plan, rows }: CapacityOutcome): readonly string[] {
  const several = plan.searches > 1;
  const table = [
    ['', ...capacityColumns],
    ...rows.map(({ found, predicted }) => [
      `${transportTitles[found.transport]}${several ? ` ${found.search + 1}` : ''}`,
      ...capacityCells(found, plan, predicted),
    ]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
