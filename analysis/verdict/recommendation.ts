import type { Transport } from '../../protocol/transport.ts';
import { areEqual, type Comparison, comparisonOf, notRuledOut } from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { tolerancesMs } from '../comparison/tolerance.ts';
import { type BytePlace, placeWords } from '../figures/byte-place.ts';
import { formatParameter, formatValue } from '../figures/format.ts';
import { wordsOf } from '../figures/question.ts';
import { atTolerance, type Candidate, candidatesOf, isMeasured, type Ranking, rank } from './cost-ranking.ts';
import { negligible, type Resource, resources } from './grades.ts';
import { advantage, listed, nearest } from './headline.ts';
import { equalIn, nameWithin } from './verdict.ts';

export type Recommendation = {
  readonly toleranceMs: number;
  /**
   * `clear`: one is ahead of all others. `only`: one alone is in time. `tie`: several are equal or cannot be told
   * apart. `trade-off`: bytes and CPU favour different ones. `untold`: several are in time and their cost was not
   * judged. Where more repeats might rule otherwise, the advice says so.
   */
  readonly outcome: 'clear' | 'only' | 'tie' | 'trade-off' | 'untold';
  readonly use: readonly Transport[];
  /** Continues "at this load, up to 1 s of staleness: ". */
  readonly advice: string;
};

/**
 * What to use at the load of one scenario, for the strictest of the usual tolerances that any transport meets and for
 * the first that all meet. It follows from the data alone: which transports are in time in every repeat, and which of
 * these are cheapest in bytes and server CPU. What is equal, cannot be told apart, or costs too little to
 * pay for is a tie. Short polling is judged at the longest interval that the tolerance allows, by theory. Empty unless
 * the scenario is judged and two transports have enough valid repeats.
 */
export function recommend(scenario: ScenarioAnalysis): readonly Recommendation[] {
  const candidates = candidatesOf(scenario);
  // Polling at several intervals is not one choice: its cost is a curve, shown elsewhere.
  if (!scenario.judged || candidates.length < 2 || scenario.planned.scenario.pollCohortsMs) return [];
  const inTime = (toleranceMs: number) => candidates.filter(({ withinMs }) => withinMs <= toleranceMs);
  const strict = tolerancesMs.find((toleranceMs) => inTime(toleranceMs).length > 0);
  const relaxed = tolerancesMs.find((toleranceMs) => inTime(toleranceMs).length === candidates.length);
  const steps = [...new Set([strict, relaxed])].filter((step) => step !== undefined);
  return steps.map((toleranceMs) => recommendAt(scenario, candidates, toleranceMs));
}

function recommendAt(
  scenario: ScenarioAnalysis,
  candidates: readonly Candidate[],
  toleranceMs: number,
): Recommendation {
  const inTime = candidates.filter(({ withinMs }) => withinMs <= toleranceMs);
  const late = candidates.filter((each) => !inTime.includes(each));
  const choice = choose({ scenario, candidates: inTime.map((each) => atTolerance(each, scenario, toleranceMs)) });
  const count = inTime.length === 1 ? '' : `${countText(inTime.length, candidates.length)} are in time. `;
  return { toleranceMs, ...choice, advice: `${count}${choice.advice}${lateText(scenario, choice.use, late)}` };
}

function countText(count: number, all: number): string {
  if (count < all) return `${count} of ${all}`;
  return all === 2 ? 'Both' : `All ${all}`;
}

type Choice = Pick<Recommendation, 'outcome' | 'use' | 'advice'>;

/** The transports that are in time, and what they were measured in. */
type Field = { readonly scenario: ScenarioAnalysis; readonly candidates: readonly Candidate[] };

function choose(field: Field): Choice {
  const { scenario, candidates } = field;
  const names = candidates.map(({ transport }) => transport);
  if (names.length === 1) return onlyOne(field);
  const rankings = resources.map((resource) => rank(resource, candidates, scenario.ranking));
  const decided = rankings.filter(({ best }) => best.length > 0);
  if (decided.length === 0) {
    const which = listed(names.map(nameWithin), 'or');
    return { outcome: 'untold', use: names, advice: `Use ${which}: their costs could not be compared.` };
  }
  const best = names.filter((name) => decided.every((ranking) => ranking.best.includes(name)));
  if (best.length === 0) return tradeOff(field, rankings);
  const choice = best.length === 1 ? clear(field, best[0]!, decided) : tie(field, best, decided);
  return { ...choice, advice: `${choice.advice}${openText(field, rankings)}${theoryText(field, choice.use)}` };
}

/** States which questions of cost have no verdict. */
function openText({ scenario }: Field, rankings: readonly Ranking[]): string {
  return rankings
    .filter(({ best }) => best.length === 0)
    .map(({ resource }) => ` No verdict on ${wordsOf(resource, scenario.place).noun}.`)
    .join('');
}

/** What short polling at the longest interval costs, if that is by theory and not the reason of the advice already. */
function theoryText({ scenario, candidates }: Field, use: readonly Transport[]): string {
  const polled = candidates.find(({ pollIntervalMs }) => pollIntervalMs !== undefined);
  if (!polled || (use.length === 1 && use[0] === polled.transport)) return '';
  const interval = formatParameter(polled.pollIntervalMs!, 'ms');
  return ` By theory, short polling every ${interval} costs ${amountText('bytes', polled.cost.bytes!, scenario.place)}.`;
}

function amountText(resource: Resource, amount: number, place: BytePlace): string {
  return resource === 'bytes'
    ? `${formatValue(amount, 'bytes', 2)} per client and minute ${placeWords[place]}`
    : `${formatValue(amount, 'share', 2)} of a core per 1,000 clients`;
}

function onlyOne({ scenario, candidates: [only] }: Field): Choice {
  const { transport, withinMs } = only!;
  const within = formatValue(withinMs, 'ms');
  const used = asUsed({ scenario, candidates: [] }, transport);
  const advice = `Use ${used}, because it alone is in time: nine of ten updates within ${within}.`;
  return { outcome: 'only', use: [transport], advice };
}

function clear(field: Field, use: Transport, decided: readonly Ranking[]): Choice {
  const isReason = ({ isNegligible, best }: Ranking) => !isNegligible || best.length < field.candidates.length;
  const reasons = decided.filter(isReason).map((ranking) => `${standing(field, ranking, use)}${doubt(field, ranking)}`);
  const others = decided.filter((ranking) => !isReason(ranking)).map(({ resource }) => noReasonText(field, resource));
  const advice = `Use ${asUsed(field, use)}, because it ${reasons.join(', and it ')}.${others.join('')}`;
  return { outcome: 'clear', use: [use], advice };
}

/** Why a resource makes no difference: each takes too little to pay for. */
function noReasonText({ scenario: { place } }: Field, resource: Resource): string {
  const most = amountText(resource, negligible[resource], place);
  return ` ${listed([wordsOf(resource, place).noun], 'and', true)} make${resource === 'bytes' ? '' : 's'} no difference: each transport takes hardly more than ${most}, or less.`;
}

/** How one of the best compares with the others in one resource. */
function standing(field: Field, ranking: Ranking, use: Transport): string {
  const { scenario, candidates } = field;
  const { resource, best, isNegligible } = ranking;
  const candidate = candidates.find(({ transport }) => transport === use)!;
  const { least, noun, lower } = wordsOf(resource, scenario.place);
  if (isNegligible || !isMeasured(resource, candidate)) {
    const amount = amountText(resource, candidate.cost[resource]!, scenario.place);
    return isNegligible ? `takes only ${amount}` : `takes ${amount} by theory`;
  }
  const names = measuredNames(field, resource);
  const equals = best.filter((name) => name !== use && names.includes(name));
  const next = nearest(scenario.ranking, resource, use, names);
  const by = advantage(next);
  const than = by === undefined ? '' : `${by} ${lower} than ${nameWithin(next!.reference)}`;
  if (names.length === 1) return `${least}, with short polling by theory`;
  if (equals.length === 0) return than === '' ? least : `${least}, ${than}`;
  const apart = areEqual(scenario.ranking, resource, [use, ...equals])
    ? `is equal to ${listed(equals.map(nameWithin), 'and')} ${equalIn(resource, scenario.place)}`
    : `cannot be told apart from ${listed(equals.map(nameWithin), 'or')} in ${noun}`;
  return than === '' ? apart : `${apart} (${by!.replace(/ \(.*/, '')} ${lower} than ${nameWithin(next!.reference)})`;
}

/** The transports whose cost was measured as it is judged. */
function measuredNames({ candidates }: Field, resource: Resource): readonly Transport[] {
  return candidates.filter((each) => isMeasured(resource, each)).map(({ transport }) => transport);
}

/** The transports that may still be the cheapest in a resource, for want of repeats. */
function doubt(field: Field, { resource, isNegligible }: Ranking): string {
  if (isNegligible) return '';
  const open = notRuledOut(field.scenario.ranking, resource, measuredNames(field, resource)).map(nameWithin);
  return open.length > 0 ? `, though there are not enough repeats to rule out ${listed(open, 'or')}` : '';
}

function tie(field: Field, best: readonly Transport[], decided: readonly Ranking[]): Choice {
  const { scenario, candidates } = field;
  const doubts = decided.map((ranking) => {
    const text = doubt(field, ranking);
    return text === '' ? '' : `${text} in ${wordsOf(ranking.resource, scenario.place).noun}`;
  });
  const advice = [
    `Use ${usedAs(field, best)}: they ${alike(field, best, decided)}`,
    best.length < candidates.length ? `, and nothing that is in time beats them${doubts.join('')}.` : '.',
    best.includes('short-polling')
      ? ' Where that is all that counts, short polling will do, with no stream to keep open.'
      : '',
  ];
  return { outcome: 'tie', use: best, advice: advice.join('') };
}

/** What the best have in common: amounts too small to pay for, equal costs, costs that cannot be told apart. */
function alike(field: Field, best: readonly Transport[], decided: readonly Ranking[]): string {
  const { ranking, place } = field.scenario;
  const isByTheory = ({ resource }: Ranking) =>
    field.candidates.some((each) => best.includes(each.transport) && !isMeasured(resource, each));
  const cheap = decided.filter(({ isNegligible }) => isNegligible);
  const paid = decided.filter(({ isNegligible }) => !isNegligible);
  const estimated = paid.filter(isByTheory);
  const compared = paid.filter((each) => !isByTheory(each));
  const equal = compared.filter(({ resource }) => areEqual(ranking, resource, best));
  const unclear = compared.filter((each) => !equal.includes(each));
  const nounsOf = (some: readonly Ranking[]) => some.map(({ resource }) => wordsOf(resource, place).noun);
  const amounts = cheap.map(({ resource }) => amountText(resource, negligible[resource], place));
  const parts = [
    ...(equal.length > 0
      ? [
          `are equal ${listed(
            equal.map(({ resource }) => equalIn(resource, place)),
            'and',
          )}`,
        ]
      : []),
    ...(unclear.length > 0 ? [`cannot be told apart in ${listed(nounsOf(unclear), 'or')}`] : []),
    ...(estimated.length > 0
      ? [`cost about the same in ${listed(nounsOf(estimated), 'and')}, short polling by theory`]
      : []),
  ].join(' and ');
  const most = amounts.length > 0 ? `take hardly more than ${listed(amounts, 'and')}, too little to pay for` : '';
  return [most, parts].filter((part) => part !== '').join('; they ');
}

/** The cheapest in bytes is not the cheapest in CPU: the scarcer resource decides. */
function tradeOff(field: Field, [inBytes, inCpu]: readonly Ranking[]): Choice {
  const advice = [
    'Bytes and server CPU favour different transports. Use',
    `${cheapestIn(field, inBytes!)} where traffic is what costs${doubt(field, inBytes!)};`,
    `${cheapestIn(field, inCpu!)} where server CPU is${doubt(field, inCpu!)}.`,
  ].join(' ');
  return { outcome: 'trade-off', use: [...inBytes!.best, ...inCpu!.best], advice };
}

/** The best transports in one resource, and by how much they lead the next. */
function cheapestIn(field: Field, { resource, best, isNegligible }: Ranking): string {
  const { ranking, place } = field.scenario;
  const used = usedAs(field, best);
  if (isNegligible) return `${used} at ${amountText(resource, negligible[resource], place)} or less`;
  const polled = field.candidates.find((each) => !isMeasured(resource, each));
  if (polled && best.includes(polled.transport))
    return `${used} (by theory ${amountText(resource, polled.cost[resource]!, place)})`;
  const next = nearest(ranking, resource, best[0]!, measuredNames(field, resource));
  const { lower, noun } = wordsOf(resource, place);
  return next ? `${used} with ${advantage(next)} ${lower} ${noun} than ${nameWithin(next.reference)}` : used;
}

/** Which transports are too late, and whether they would have been cheaper. */
function lateText(scenario: ScenarioAnalysis, use: readonly Transport[], late: readonly Candidate[]): string {
  return late
    .map(({ transport, withinMs }) => {
      const cheaper = resources.flatMap((resource) => cheaperText(scenario, resource, transport, use));
      const though = cheaper.length > 0 ? `, though it ${cheaper.join(' and ')}` : '';
      const name = asUsed({ scenario, candidates: [] }, transport);
      return ` ${listed([name], 'and', true)} is too late (${formatValue(withinMs, 'ms')})${though}.`;
    })
    .join('');
}

function cheaperText(
  { ranking, place }: ScenarioAnalysis,
  resource: Resource,
  transport: Transport,
  use: readonly Transport[],
): readonly string[] {
  const by: Comparison | undefined = use.length === 1 ? comparisonOf(ranking, resource, transport, use[0]!) : undefined;
  const { verb, lower, noun } = wordsOf(resource, place);
  return by?.outcome === 'lower' ? [`${verb} ${advantage(by)} ${lower} ${noun}`] : [];
}

function usedAs(field: Field, some: readonly Transport[]): string {
  return listed(
    some.map((transport) => asUsed(field, transport)),
    'or',
  );
}

/** The name as used in advice; for short polling with its interval, on which its staleness and its cost depend. */
function asUsed({ scenario, candidates }: Field, transport: Transport): string {
  const name = nameWithin(transport);
  if (transport !== 'short-polling') return name;
  const longer = candidates.find((each) => each.transport === transport)?.pollIntervalMs;
  return `${name} every ${formatParameter(longer ?? scenario.planned.scenario.pollIntervalMs, 'ms')}`;
}
