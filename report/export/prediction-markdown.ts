import { capitalised } from '../../analysis/figures/route-phrase.ts';
import { cellText, type PredictionGroup } from '../prediction/rows.ts';
import { checkHead, checkText, type PredictionText } from '../prediction/text.ts';
import { escaped, list, markdownTable } from './markdown-text.ts';

/** A prediction as GitHub Markdown. */
export function renderPredictionMarkdown(text: PredictionText): string {
  const { title, load, assumed, transports, groups, calibration, recommendations, notes, checks } = text;
  const section = (heading: string, texts: readonly string[]) =>
    texts.length > 0 ? [`## ${heading}`, list(texts)] : [];
  return `${[
    `# ${escaped(title)}`,
    escaped(load),
    escaped(capitalised(assumed)),
    ...section('What to use', recommendations),
    ...groups.flatMap((group) => groupParts(group, transports)),
    ...section('Outside of what the model covers', notes),
    escaped(calibration),
    '## Check it',
    escaped(checkText),
    ...checks.flatMap((check) => [`${escaped(capitalised(checkHead(check)))}:`, `    ${check.command}`]),
  ].join('\n\n')}\n`;
}

function groupParts({ title, holds, rows }: PredictionGroup, transports: readonly string[]): readonly string[] {
  const lines = rows.map((row) => [row.title, ...row.cells.map(cellText)]);
  const table = markdownTable(
    [['', ...transports], ...lines].map((line) => line.map((cell) => escaped(cell))),
    '--:',
  );
  return [`## ${escaped(title)}`, escaped(`(${holds})`), table];
}
