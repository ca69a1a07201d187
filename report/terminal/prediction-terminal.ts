import type picocolors from 'picocolors';
import { plainText, wrapText } from '../../text/plain-text.ts';
import { cellText, type PredictionGroup, type PredictionRow } from '../prediction/rows.ts';
import { checkHead, checkText, type PredictionText } from '../prediction/text.ts';

type Paper = { readonly width: number; readonly colors: ReturnType<typeof picocolors.createColors> };

const gap = '  ';

/** A prediction as text for a terminal: first the answer, then tables with a column for each transport. */
export function renderPrediction(text: PredictionText, { width, colors }: Paper): string {
  const { bold, dim } = colors;
  const bullets = (sentences: readonly string[]) => sentences.flatMap((sentence) => bullet(sentence, width));
  const paragraph = (sentence: string) => wrapText(plainText(sentence), width).map(dim);
  const blocks: readonly (readonly string[])[] = [
    [bold(plainText(text.title)), ...paragraph(text.load), ...paragraph(text.assumed)],
    text.recommendations.length > 0 ? [bold('What to use'), ...bullets(text.recommendations)] : [],
    ...tables(text, { width, colors }),
    text.notes.length > 0 ? [bold('Outside of what the model covers'), ...bullets(text.notes)] : [],
    paragraph(text.calibration),
    [
      bold('Check it'),
      ...paragraph(checkText),
      ...text.checks.flatMap((check) => [...bullet(`${checkHead(check)}:`, width), `  ${plainText(check.command)}`]),
    ],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Characters that titles have, if the terminal has room for them. */
const [fewest, most] = [18, 42];

/** A table for each group, all with columns of the same width; a list where a table does not fit. */
function tables({ groups, transports }: PredictionText, paper: Paper): readonly (readonly string[])[] {
  const widths = transports.map((title, place) =>
    Math.max(title.length, ...groups.flatMap(({ rows }) => rows.map(({ cells }) => widthOf(cells[place]!)))),
  );
  const left = paper.width - widths.reduce((sum, each) => sum + each + gap.length, 0);
  return groups.map((group) => [
    ...heading(group, paper),
    ...(left < fewest
      ? list(group.rows, transports, paper.width)
      : table(group.rows, transports, { ...paper, widths: [Math.min(left, most), ...widths] })),
  ]);
}

function heading({ title, holds }: PredictionGroup, { width, colors: { bold, dim } }: Paper): readonly string[] {
  return [bold(title), ...wrapText(`(${holds})`, width).map(dim)];
}

function widthOf({ text, beside = '' }: PredictionRow['cells'][number]): number {
  return Math.max(text.length, beside.length);
}

type Columns = Paper & { readonly widths: readonly number[] };

/** What stands beside a number is below it, so that four columns fit. */
function table(
  rows: readonly PredictionRow[],
  transports: readonly string[],
  { widths: [first, ...widths], colors: { dim } }: Columns,
): readonly string[] {
  const written = (title: string, texts: readonly string[]) =>
    [title.padEnd(first!), ...texts.map((text, place) => text.padStart(widths[place]!))].join(gap).trimEnd();
  const lines = rows.flatMap(({ title, cells }) => {
    const titles = wrapText(title, first!);
    const below = cells.map(({ beside = '' }) => beside);
    const hasBelow = below.some((text) => text !== '');
    return [
      written(
        titles[0]!,
        cells.map(({ text }) => text),
      ),
      ...(hasBelow ? [dim(written(titles[1] ?? '', below))] : titles.slice(1, 2)),
      ...titles.slice(2),
    ];
  });
  return [dim(written('', transports)), ...lines];
}

/** One line for each number of each transport. */
function list(rows: readonly PredictionRow[], transports: readonly string[], width: number): readonly string[] {
  const longest = Math.max(...transports.map((name) => name.length));
  return rows.flatMap(({ title, cells }) => [
    ...wrapText(title, width),
    ...cells.map((cell, place) => `  ${transports[place]!.padEnd(longest)}  ${cellText(cell)}`),
  ]);
}

function bullet(text: string, width: number): readonly string[] {
  return wrapText(plainText(text), width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}
