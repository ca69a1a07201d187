import type { BytePlace } from '../figures/byte-place.ts';
import { formatFigure } from '../figures/figures.ts';
import { type DeclaredQuestion, declaredQuestions, wordsOf } from '../figures/question.ts';
import { capitalised } from '../figures/route-phrase.ts';
import { listed } from '../verdict/headline.ts';
import { nameWithin, plainRatio } from '../verdict/verdict.ts';
import { findingOf, type PathFinding } from './path-finding.ts';
import type { PathCell, PathLine, PathTable } from './paths.ts';

/**
 * What further nodes cost and what HTTP/2 saves polling clients: a sentence for each path that differs only in that
 * from another one of the run. Covers only what was judged.
 */
export function stepTexts({ lines, place }: PathTable): readonly string[] {
  return lines.flatMap((line) => {
    const partner = lines.find(({ route }) => route === line.partner?.route);
    const [aspect, ...others] = line.partner?.differsIn ?? [];
    if (!partner || others.length > 0) return [];
    if (aspect === 'nodes') return nodesText(line, partner, place);
    return aspect === 'http' ? askingText(line, partner) : [];
  });
}

function nodesText(line: PathLine, partner: PathLine, place: BytePlace): readonly string[] {
  const judged = declaredQuestions.filter((question) => cellsWith(line, question, anyFinding).length > 0);
  if (judged.length === 0) return [];
  const [nodes, before] = [nodesOf(line), nodesOf(partner)];
  const what = `${countWord(nodes)} ${nodes === 1 ? 'node' : 'nodes'} instead of ${countWord(before)}${backplaneText(nodes, before)}`;
  const alike = judged.filter((question) => cellsWith(line, question, unchanged).length === line.cells.length);
  const told = [
    ...judged.filter((question) => !alike.includes(question)).map((question) => changeText(line, question, place)),
    ...(alike.length > 0 ? [`no clear difference in ${nounsOf(alike, place)}`] : []),
  ];
  return [`${capitalised(what)} (${line.route} over ${partner.route}): ${told.join('; ')}.`];
}

/** Several nodes need a backplane to order their updates; a single one orders its own. */
function backplaneText(nodes: number, before: number): string {
  if ((nodes === 1) === (before === 1)) return '';
  return before === 1
    ? ', with the backplane that orders their stream'
    : ', without the backplane that ordered their stream';
}

function nodesOf({ record }: PathLine): number {
  return record?.nodes ?? 1;
}

function countWord(count: number): string {
  return count === 1 ? 'one' : String(count);
}

function nounsOf(asked: readonly DeclaredQuestion[], place: BytePlace): string {
  return listed(
    asked.map((question) => wordsOf(question, place).noun),
    'and',
  );
}

/**
 * `server CPU × 1.31 (1.20 to 1.43) for SSE and no clear difference for WebSocket`, for transports that were
 * judged.
 */
function changeText(line: PathLine, question: DeclaredQuestion, place: BytePlace): string {
  const ratios = cellsWith(line, question, ['differs']).map(
    ({ row, changes }) => `× ${plainRatio(changes![question].estimate!)} for ${nameWithin(row.transport)}`,
  );
  const same = cellsWith(line, question, unchanged).map(({ row }) => nameWithin(row.transport));
  const open = cellsWith(line, question, ['unresolved']).map(({ row }) => nameWithin(row.transport));
  const rest = [
    ...(same.length > 0 ? [`no clear difference for ${listed(same, 'or')}`] : []),
    ...(open.length > 0 ? [`not enough repeats to tell for ${listed(open, 'or')}`] : []),
  ];
  return `${wordsOf(question, place).noun} ${listed([...ratios, ...rest], 'and')}`;
}

const unchanged: readonly PathFinding[] = ['same', 'cannot-tell'];
const anyFinding: readonly PathFinding[] = ['differs', 'unresolved', ...unchanged];

/** The cells with one of these findings, from the same source as the table of paths, so that the two never disagree. */
function cellsWith(
  { cells }: PathLine,
  question: DeclaredQuestion,
  found: readonly PathFinding[],
): readonly PathCell[] {
  return cells.filter(({ changes }) => {
    const finding = findingOf(changes?.[question]);
    return finding !== undefined && found.includes(finding);
  });
}

function isJudged({ changes }: PathCell, question: DeclaredQuestion): boolean {
  return changes !== undefined && changes[question].outcome !== 'too-few';
}

/** The effect of HPACK (RFC 7541) on the cost of asking. Streams ask once and are left out. */
function askingText(line: PathLine, partner: PathLine): readonly string[] {
  const told = line.cells.flatMap((cell, place) => {
    const [here, there] = [costOfAsking(cell), costOfAsking(partner.cells[place])];
    const name = nameWithin(cell.row.transport);
    return here && there && isJudged(cell, 'bytes') ? [`${here} instead of ${there} with ${name}`] : [];
  });
  if (told.length === 0) return [];
  const version = line.record?.http === 2 ? 'HTTP/2' : 'HTTP/1.1';
  const cost = `To ask once over ${version} takes headers and framing of ${listed(told, 'and')}`;
  return [`${cost} (${line.route} over ${partner.route}).`];
}

/** Medians in both directions: `120 B up and 74 B down`. */
function costOfAsking(cell: PathCell | undefined): string | undefined {
  const medians = cell?.row.medians;
  const [up, down] = [medians?.['bytes.request.up'], medians?.['bytes.request.down']];
  if (up === undefined || down === undefined) return undefined;
  return `${formatFigure('bytes.request.up', up)} up and ${formatFigure('bytes.request.down', down)} down`;
}
