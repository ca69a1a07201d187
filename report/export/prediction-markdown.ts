import { capitalised } from '../../analysis/figures/route-phrase.ts';
import { carriesMarks } from '../prediction/rows.ts';
import type { PredictionText } from '../prediction/text.ts';
import { escaped, list, markdownTable } from './markdown-text.ts';

/** A prediction as GitHub Markdown. */
export function renderPredictionMarkdown(text: PredictionText): string {
  const { title, load, transports, rows, carries, calibration, recommendations, notes, checks } = text;
  const lines = rows.map((row) => [`${row.title}${carriesMarks[row.carries]}`, ...row.cells]);
  const section = (heading: string, texts: readonly string[]) =>
    texts.length > 0 ? [`## ${heading}`, list(texts)] : [];
  return `${[
    `# ${escaped(title)}`,
    escaped(load),
    markdownTable(
      [['', ...transports], ...lines].map((line) => line.map((cell) => escaped(cell))),
      '--:',
    ),
    escaped(carries),
    escaped(calibration),
    ...section('What to use', recommendations),
    ...section('Outside of what the model covers', notes),
    '## Check it',
    ...checks.flatMap(({ of, command }) => [`${capitalised(of)}:`, `    ${command}`]),
  ].join('\n\n')}\n`;
}
