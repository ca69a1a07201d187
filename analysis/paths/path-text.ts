import { type Comparison, comparisonOf } from '../comparison/comparison.ts';
import { formatValue } from '../figures/format.ts';
import { wordsOf } from '../figures/question.ts';
import { capitalised, routePhrase } from '../figures/route-phrase.ts';
import { listed } from '../verdict/headline.ts';
import { equalIn, nameWithin, noVerdictReason, sentenceOf } from '../verdict/verdict.ts';
import type { PathAnswer, PathShift } from './path-answer.ts';
import { stepTexts } from './path-steps.ts';
import type { PathLine, PathTable } from './paths.ts';

/** Whether the path changes the answer: one sentence for the whole scenario, and one for each detail. */
export type PathText = { readonly headline: string; readonly details: readonly string[] };

/** How many reversed orders and blurred pairs are listed one by one. */
const mostTold = 4;

/** Claims only what was judged; with too few repeats it says so, whatever the medians are. */
export function pathText(table: PathTable): PathText {
  const details = table.answers.flatMap((answer) => detailsOf(answer, table));
  return { headline: headlineOf(table), details: [...details, ...stepTexts(table)] };
}

function headlineOf({ answers, lines, planned }: PathTable): string {
  const judged = answers.filter(({ outcome }) => outcome !== 'too-few');
  if ((lines[0]?.cells.length ?? 0) < 2)
    return 'Only one transport was measured: there is no order that a path could change.';
  if (judged.length === 0) {
    const transports = fewestValid(lines).cells.map(({ row }) => row);
    const reason = noVerdictReason({ planned, judged: planned.repeats > 2, transports });
    return `Whether the path changes the answer cannot be told. ${reason}`;
  }
  const known = judged.filter(({ outcome }) => outcome !== 'no-order' && outcome !== 'unsure');
  if (known.length === 0) {
    const why = judged.some(({ outcome }) => outcome === 'unsure')
      ? 'not enough repeats to tell the transports apart'
      : 'no two transports can be told apart on any path';
    return `Whether the path changes the answer cannot be told: ${why}.`;
  }
  const reversed = known.filter(({ outcome }) => outcome === 'reversed');
  if (reversed.length > 0) return `Yes, the path changes the answer: ${changed(reversed)}.`;
  const everywhere = known.every(({ unjudged }) => unjudged.length === 0);
  const paths = everywhere ? `all ${lines.length} paths` : 'the paths that could be judged';
  const same = known.filter(({ outcome }) => outcome === 'same');
  const equal = known.filter(({ outcome }) => outcome === 'equal');
  if (same.length + equal.length === known.length) {
    if (same.length === 0) return `No: by ${nounsOf(equal)} the transports are equal on ${paths}.`;
    const rest = equal.length > 0 ? `, and by ${nounsOf(equal)} they are equal` : '';
    return `No: the order of the transports by ${nounsOf(same)} is the same on ${paths}${rest}.`;
  }
  return `No path turns the order of the transports around by ${nounsOf(known)}, but not all of them show it as clearly.`;
}

/** The path with the fewest valid repeats, which is why there is no verdict. */
function fewestValid(lines: readonly PathLine[]): PathLine {
  const validOf = ({ cells }: PathLine) => Math.min(...cells.map(({ row }) => row.valid.length));
  return lines.reduce((a, b) => (validOf(b) < validOf(a) ? b : a));
}

function nounsOf(answers: readonly PathAnswer[]): string {
  return listed(
    answers.map(({ question, place }) => wordsOf(question, place).noun),
    'and',
  );
}

function changed(answers: readonly PathAnswer[]): string {
  return answers
    .map(({ question, place, shifts }) => {
      const routes = [...new Set(shifts.filter(({ kind }) => kind === 'reversed').map(({ route }) => route))];
      return `the order by ${wordsOf(question, place).noun} is another on ${listed(routes, 'and')}`;
    })
    .join('; ');
}

function detailsOf(answer: PathAnswer, table: PathTable): readonly string[] {
  const { question, place, outcome, shifts, unjudged } = answer;
  if (outcome === 'too-few') return [];
  const { noun } = wordsOf(question, place);
  if (outcome === 'no-order') return [`By ${noun} no two transports can be told apart on any path.`];
  if (outcome === 'unsure') return [`Not enough repeats to tell the transports apart in ${noun} on any path.`];
  const reversed = shifts.filter(({ kind }) => kind === 'reversed');
  const others = shifts.filter(({ kind }) => kind !== 'reversed');
  const missing = unjudged.length > 0 ? [missingText(answer)] : [];
  if (outcome === 'same' || outcome === 'equal') return [sameText(answer, table), ...missing];
  const told = [
    ...reversed.map((shift) => reversedText(shift, table)),
    ...(others.length > 0 ? [shiftedText(noun, others, table.lines[0]?.route ?? '')] : []),
  ];
  const rest = told.length - mostTold;
  return [...told.slice(0, mostTold), ...(rest > 0 ? [`${rest} more like these.`] : []), ...missing];
}

function sameText(
  { question, place, outcome, order, judged, hasSmallShifts }: PathAnswer,
  { lines }: PathTable,
): string {
  const { noun, leastDifference } = wordsOf(question, place);
  const where = judged.length === lines.length ? `all ${lines.length} paths` : listed(judged, 'and');
  if (outcome === 'equal') return `The transports are equal ${equalIn(question, place)} on ${where}.`;
  if (hasSmallShifts) {
    const aside = formatValue(leastDifference, 'share', 1);
    return `By ${noun} the order is the same on ${where}, differences below ${aside} aside.`;
  }
  if (!order) return `By ${noun} the same transports can be told apart on ${where}, and the same way round.`;
  return `By ${noun} the order is the same on ${where}, the least first: ${listed(order.map(nameWithin), 'and')}.`;
}

/** The sentence begins with the transport that has less on this path. */
function reversedText({ route, now, before }: PathShift, { lines }: PathTable): string {
  const record = lines.find((line) => line.route === route)?.record;
  const [here, there] = now.outcome === 'lower' ? [now, before] : [turned(now), turned(before)];
  const main = routePhrase(lines[0]?.record);
  return `${capitalised(routePhrase(record))}: ${sentenceOf(here)} ${capitalised(main)} it is the other way round: ${sentenceOf(turned(there))}`;
}

/** The same comparison in the other direction. */
function turned(comparison: Comparison): Comparison {
  const { question, transport, reference } = comparison;
  return comparisonOf([comparison], question, reference, transport) ?? comparison;
}

function shiftedText(noun: string, shifts: readonly PathShift[], main: string): string {
  const words = shifts.map((shift) => shiftWords(shift, main));
  const alike = (a: ShiftWords, b: ShiftWords) => a.before === b.before && a.after === b.after;
  const texts = words
    .filter((each, place) => words.findIndex((other) => alike(each, other)) === place)
    .map((each) => {
      const routes = words.filter((other) => alike(each, other)).map(({ route }) => route);
      return `${each.before} ${listed([...new Set(routes)], 'and')}${each.after}`;
    });
  return `In ${noun} ${texts.join('; ')}.`;
}

type ShiftWords = { readonly before: string; readonly route: string; readonly after: string };

/** What the shift of a pair is, around the name of the path that has it. */
function shiftWords({ kind, now, before, route }: PathShift, main: string): ShiftWords {
  const pair = pairName(now);
  if (kind === 'parted') return { before: `${pair} can be told apart on`, route, after: ' only' };
  if (kind === 'unsure') {
    const where = before.outcome === 'unresolved' ? main : route;
    return { before: `there are not enough repeats to tell ${pair} apart on`, route: where, after: '' };
  }
  if (now.outcome === 'equal') return { before: `${pair} are equal on`, route, after: '' };
  return { before: `${pair} cannot be told apart any more on`, route, after: '' };
}

function pairName({ reference, transport }: Comparison): string {
  return `${nameWithin(reference)} and ${nameWithin(transport)}`;
}

function missingText({ question, place, unjudged }: PathAnswer): string {
  return `No verdict on ${wordsOf(question, place).noun} over ${listed(unjudged, 'and')}: too few valid repeats to compare.`;
}
