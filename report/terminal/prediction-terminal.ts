import type picocolors from 'picocolors';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { carriesMarks, type PredictionRow } from '../prediction/rows.ts';
import type { PredictionText } from '../prediction/text.ts';

type Paper = { readonly width: number; readonly colors: ReturnType<typeof picocolors.createColors> };

const gap = '  ';

/** A prediction as text for a terminal: a table with a column for each transport, or where it does not fit a list. */
export function renderPrediction(text: PredictionText, { width, colors }: Paper): string {
  const { bold, dim } = colors;
  const bullets = (sentences: readonly string[]) => sentences.flatMap((sentence) => bullet(sentence, width));
  const blocks: readonly (readonly string[])[] = [
    [bold(plainText(text.title)), ...wrapText(plainText(text.load), width).map(dim)],
    table(text, { width, colors }),
    wrapText(plainText(text.carries), width).map(dim),
    wrapText(plainText(text.calibration), width).map(dim),
    text.recommendations.length > 0 ? [bold('What to use'), ...bullets(text.recommendations)] : [],
    text.notes.length > 0 ? [bold('Outside of what the model covers'), ...bullets(text.notes)] : [],
    [bold('Check it'), ...text.checks.flatMap((check) => [`- ${check.of}:`, `  ${plainText(check.command)}`])],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function table({ rows, transports }: PredictionText, { width, colors }: Paper): readonly string[] {
  const lines = rows.map((row) => [titleOf(row), ...row.cells]);
  const all = [['', ...transports], ...lines];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  const total = widths.reduce((sum, each) => sum + each + gap.length, -gap.length);
  if (total > width) return list(rows, transports, width);
  const written = ([first, ...cells]: readonly string[]) =>
    [first!.padEnd(widths[0]!), ...cells.map((cell, place) => cell.padStart(widths[place + 1]!))].join(gap);
  return [colors.dim(written(all[0]!)), ...lines.map(written)];
}

/** One line for each number of each transport. */
function list(rows: readonly PredictionRow[], transports: readonly string[], width: number): readonly string[] {
  const longest = Math.max(...transports.map((name) => name.length));
  return rows.flatMap((row) => [
    ...wrapText(titleOf(row), width),
    ...row.cells.map((cell, place) => `  ${transports[place]!.padEnd(longest)}  ${cell}`),
  ]);
}

function titleOf({ title, carries }: PredictionRow): string {
  return `${title}${carriesMarks[carries]}`;
}

function bullet(text: string, width: number): readonly string[] {
  return wrapText(plainText(text), width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
