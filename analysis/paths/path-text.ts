import { type Comparison, comparisonOf } from '../comparison/comparison.ts';
import { formatValue } from '../figures/format.ts';
import { type DeclaredQuestion, questions } from '../figures/question.ts';
import { capitalised, routePhrase } from '../figures/route-phrase.ts';
import { listed } from '../verdict/headline.ts';
import { nameWithin, noVerdictReason, sentenceOf } from '../verdict/verdict.ts';
import { leastDifference, type PathAnswer, type PathShift } from './path-answer.ts';
import { stepTexts } from './path-steps.ts';
import type { PathTable } from './paths.ts';

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
    const reason = noVerdictReason({ planned, judged: planned.repeats > 2 });
    return `Whether the path changes the answer cannot be told. ${reason}`;
  }
  const known = judged.filter(({ outcome }) => outcome !== 'no-order');
  if (known.length === 0) {
    return 'Whether the path changes the answer cannot be told: no two transports can be told apart on any path.';
  }
  const reversed = known.filter(({ outcome }) => outcome === 'reversed');
  if (reversed.length > 0) return `Yes, the path changes the answer: ${changed(reversed)}.`;
  const by = listed(
    known.map(({ question }) => questions[question].noun),
    'and',
  );
  const everywhere = known.every(({ unjudged }) => unjudged.length === 0);
  const paths = everywhere ? `all ${lines.length} paths` : 'the paths that could be judged';
  if (known.every(({ outcome }) => outcome === 'same')) {
    return `No: the order of the transports by ${by} is the same on ${paths}.`;
  }
  return `No path turns the order of the transports around by ${by}, but not all of them show it as clearly.`;
}

function changed(answers: readonly PathAnswer[]): string {
  return answers
    .map(({ question, shifts }) => {
      const routes = [...new Set(shifts.filter(({ kind }) => kind === 'reversed').map(({ route }) => route))];
      return `the order by ${questions[question].noun} is another on ${listed(routes, 'and')}`;
    })
    .join('; ');
}

function detailsOf(answer: PathAnswer, table: PathTable): readonly string[] {
  const { question, outcome, shifts, unjudged } = answer;
  if (outcome === 'too-few') return [];
  if (outcome === 'no-order')
    return [`By ${questions[question].noun} no two transports can be told apart on any path.`];
  const reversed = shifts.filter(({ kind }) => kind === 'reversed');
  const others = shifts.filter(({ kind }) => kind !== 'reversed');
  const missing = unjudged.length > 0 ? [missingText(question, unjudged)] : [];
  if (outcome === 'same') return [sameText(answer, table), ...missing];
  const told = [
    ...reversed.map((shift) => reversedText(shift, table)),
    ...(others.length > 0 ? [shiftedText(question, others)] : []),
  ];
  const rest = told.length - mostTold;
  return [...told.slice(0, mostTold), ...(rest > 0 ? [`${rest} more like these.`] : []), ...missing];
}

const aside = formatValue(leastDifference, 'share', 1);

function sameText({ question, order, judged, hasSmallShifts }: PathAnswer, { lines }: PathTable): string {
  const where = judged.length === lines.length ? `all ${lines.length} paths` : listed(judged, 'and');
  if (hasSmallShifts)
    return `By ${questions[question].noun} the order is the same on ${where}, differences below ${aside} aside.`;
  if (!order)
    return `By ${questions[question].noun} the same transports can be told apart on ${where}, and the same way round.`;
  return `By ${questions[question].noun} the order is the same on ${where}, the least first: ${listed(order.map(nameWithin), 'and')}.`;
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

function shiftedText(question: DeclaredQuestion, shifts: readonly PathShift[]): string {
  const told = (['blurred', 'parted'] as const).flatMap((kind) => {
    const pairs = [...new Set(shifts.filter((shift) => shift.kind === kind).map(({ now }) => pairName(now)))];
    return pairs.map((pair) => {
      const of = shifts.filter((shift) => shift.kind === kind && pairName(shift.now) === pair);
      const routes = listed(
        of.map(({ route }) => route),
        'and',
      );
      return kind === 'blurred'
        ? `${pair} cannot be told apart any more on ${routes}`
        : `${pair} can be told apart on ${routes} only`;
    });
  });
  return `In ${questions[question].noun} ${told.join('; ')}.`;
}

function pairName({ reference, transport }: Comparison): string {
  return `${nameWithin(reference)} and ${nameWithin(transport)}`;
}

function missingText(question: DeclaredQuestion, unjudged: readonly string[]): string {
  return `No verdict on ${questions[question].noun} over ${listed(unjudged, 'and')}: too few valid repeats to compare.`;
}
