import type { Transport } from '../../protocol/transport.ts';
import {
  areEqual,
  type Comparison,
  comparisonOf,
  leastPairs,
  notRuledOut,
  outcomesAmong,
  undefeated,
} from '../comparison/comparison.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { tolerancesMs, worstSeenWithinMs } from '../comparison/tolerance.ts';
import { formatParameter, formatValue } from '../figures/format.ts';
import { questions } from '../figures/question.ts';
import { advantage, listed, nearest } from './headline.ts';
import { equalIn, nameWithin } from './verdict.ts';

/** What freshness costs: the questions that decide between transports that are in time. */
const resources = ['bytes', 'server-cpu'] as const;
type Resource = (typeof resources)[number];

export type Recommendation = {
  readonly toleranceMs: number;
  /**
   * `clear`: one is ahead of all others. `only`: one alone is in time. `tie`: several are equal or cannot be told apart.
   * `trade-off`: bytes and CPU favour different ones. `untold`: several are in time and their cost was not judged. Where
   * more repeats might rule otherwise, the advice says so.
   */
  readonly outcome: 'clear' | 'only' | 'tie' | 'trade-off' | 'untold';
  readonly use: readonly Transport[];
  /** Continues "at this load, up to 1 s of staleness: ". */
  readonly advice: string;
};

/**
 * What to use at the load of one scenario, for the strictest of the usual tolerances that any transport meets and for
 * the first that all meet. It follows from the data alone: which transports are in time in every repeat, and which of
 * these are cheapest in bytes and server CPU; what is equal or cannot be told apart is a tie. Empty unless the scenario
 * is judged and two transports have enough valid repeats.
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

type Candidate = { readonly transport: Transport; readonly withinMs: number };

function candidatesOf({ planned, transports }: ScenarioAnalysis): readonly Candidate[] {
  return transports.flatMap((row) => {
    const withinMs = worstSeenWithinMs(row, planned.scenario);
    return row.valid.length >= leastPairs && withinMs !== undefined ? [{ transport: row.transport, withinMs }] : [];
  });
}

function recommendAt(
  scenario: ScenarioAnalysis,
  candidates: readonly Candidate[],
  toleranceMs: number,
): Recommendation {
  const inTime = candidates.filter(({ withinMs }) => withinMs <= toleranceMs);
  const late = candidates.filter((each) => !inTime.includes(each));
  const choice = choose(scenario, inTime);
  const count = inTime.length === 1 ? '' : `${countText(inTime.length, candidates.length)} are in time. `;
  return { toleranceMs, ...choice, advice: `${count}${choice.advice}${lateText(scenario, choice.use, late)}` };
}

function countText(count: number, all: number): string {
  if (count < all) return `${count} of ${all}`;
  return all === 2 ? 'Both' : `All ${all}`;
}

type Choice = Pick<Recommendation, 'outcome' | 'use' | 'advice'>;

function choose(scenario: ScenarioAnalysis, inTime: readonly Candidate[]): Choice {
  const { comparisons } = scenario;
  const names = inTime.map(({ transport }) => transport);
  if (names.length === 1) return onlyOne(scenario, inTime[0]!);
  const cheapest = (resource: Resource) => undefeated(comparisons, resource, names);
  // The cheapest of some pairs may not be the cheapest of all.
  const isJudged = (resource: Resource) => !outcomesAmong(comparisons, resource, names).has('too-few');
  const decided = resources.filter((resource) => isJudged(resource) && cheapest(resource).length > 0);
  if (decided.length === 0) {
    const which = listed(names.map(nameWithin), 'or');
    return { outcome: 'untold', use: names, advice: `Use ${which}: which of them is cheapest was not judged.` };
  }
  const best = names.filter((name) => decided.every((resource) => cheapest(resource).includes(name)));
  if (best.length === 0) return tradeOff(scenario, names, cheapest('bytes'), cheapest('server-cpu'));
  const choice = best.length === 1 ? clear(scenario, best[0]!, names, decided) : tie(scenario, best, names, decided);
  return { ...choice, advice: `${choice.advice}${openText(decided)}` };
}

/** States which questions of cost have no verdict. */
function openText(decided: readonly Resource[]): string {
  const open = resources.filter((resource) => !decided.includes(resource));
  return open.map((resource) => ` No verdict on ${questions[resource].noun}.`).join('');
}

function onlyOne(scenario: ScenarioAnalysis, { transport, withinMs }: Candidate): Choice {
  const within = formatValue(withinMs, 'ms');
  const advice = `Use ${asUsed(scenario, transport)}, because it alone is in time: nine of ten updates within ${within}.`;
  return { outcome: 'only', use: [transport], advice };
}

function clear(
  { comparisons, planned }: ScenarioAnalysis,
  use: Transport,
  names: readonly Transport[],
  decided: readonly Resource[],
): Choice {
  const reasons = decided.map(
    (resource) => `${standing(comparisons, resource, use, names)}${doubt(comparisons, resource, names)}`,
  );
  const advice = `Use ${asUsed({ planned }, use)}, because it ${reasons.join(', and it ')}.`;
  return { outcome: 'clear', use: [use], advice };
}

/** How an undefeated transport compares with the others of `names` in one resource. */
function standing(
  comparisons: readonly Comparison[],
  resource: Resource,
  use: Transport,
  names: readonly Transport[],
): string {
  const { least, noun, lower } = questions[resource];
  const best = undefeated(comparisons, resource, names);
  const equals = best.filter((name) => name !== use);
  const next = nearest(comparisons, resource, use, names);
  const by = advantage(next);
  const than = by === undefined ? '' : `${by} ${lower} than ${nameWithin(next!.reference)}`;
  if (equals.length === 0) return than === '' ? least : `${least}, ${than}`;
  const apart = areEqual(comparisons, resource, [use, ...equals])
    ? `is equal to ${listed(equals.map(nameWithin), 'and')} ${equalIn(resource)}`
    : `cannot be told apart from ${listed(equals.map(nameWithin), 'or')} in ${noun}`;
  return than === '' ? apart : `${apart} (${by!.replace(/ \(.*/, '')} ${lower} than ${nameWithin(next!.reference)})`;
}

/** Who may still be the cheapest in a resource, for want of repeats. */
function doubt(comparisons: readonly Comparison[], resource: Resource, names: readonly Transport[]): string {
  const open = notRuledOut(comparisons, resource, names).map(nameWithin);
  return open.length > 0 ? `, though there are not enough repeats to rule out ${listed(open, 'or')}` : '';
}

function tie(
  { comparisons, planned }: ScenarioAnalysis,
  best: readonly Transport[],
  names: readonly Transport[],
  decided: readonly Resource[],
): Choice {
  const equal = decided.filter((resource) => areEqual(comparisons, resource, best));
  const unclear = decided.filter((resource) => !equal.includes(resource));
  const nouns = unclear.map((resource) => questions[resource].noun);
  const alike = [
    ...(equal.length > 0 ? [`are equal ${listed(equal.map(equalIn), 'and')}`] : []),
    ...(unclear.length > 0 ? [`cannot be told apart in ${listed(nouns, 'or')}`] : []),
  ];
  const doubts = decided.map((resource) => {
    const text = doubt(comparisons, resource, names);
    return text === '' ? '' : `${text} in ${questions[resource].noun}`;
  });
  const advice = [
    `Use ${usedAs({ planned }, best)}: they ${alike.join(' and ')}`,
    best.length < names.length ? `, and nothing that is in time beats them${doubts.join('')}.` : '.',
    best.includes('short-polling')
      ? ' Where that is all that counts, short polling will do, with no connection to keep.'
      : '',
  ];
  return { outcome: 'tie', use: best, advice: advice.join('') };
}

/** The cheapest in bytes is not the cheapest in CPU: the scarcer resource decides. */
function tradeOff(
  scenario: ScenarioAnalysis,
  names: readonly Transport[],
  inBytes: readonly Transport[],
  inCpu: readonly Transport[],
): Choice {
  const advice = [
    'Bytes and server CPU speak for different ones. Use',
    `${cheapestIn('bytes', scenario, inBytes, names)} where traffic is what costs${doubt(scenario.comparisons, 'bytes', names)};`,
    `${cheapestIn('server-cpu', scenario, inCpu, names)} where the server is${doubt(scenario.comparisons, 'server-cpu', names)}.`,
  ].join(' ');
  return { outcome: 'trade-off', use: [...inBytes, ...inCpu], advice };
}

/** The best transports in one resource, and by how much they lead the next. */
function cheapestIn(
  resource: Resource,
  { comparisons, planned }: ScenarioAnalysis,
  best: readonly Transport[],
  names: readonly Transport[],
): string {
  const next = nearest(comparisons, resource, best[0]!, names);
  const { lower, noun } = questions[resource];
  const by = next ? ` with ${advantage(next)} ${lower} ${noun} than ${nameWithin(next.reference)}` : '';
  return `${usedAs({ planned }, best)}${by}`;
}

/** Which transports are too late, and whether they would have been cheaper. */
function lateText(
  { comparisons, planned }: ScenarioAnalysis,
  use: readonly Transport[],
  late: readonly Candidate[],
): string {
  return late
    .map(({ transport, withinMs }) => {
      const cheaper = resources.flatMap((resource) => {
        const by = use.length === 1 ? comparisonOf(comparisons, resource, transport, use[0]!) : undefined;
        const { verb, lower, noun } = questions[resource];
        return by?.outcome === 'lower' ? [`${verb} ${advantage(by)} ${lower} ${noun}`] : [];
      });
      const though = cheaper.length > 0 ? `, though it ${cheaper.join(' and ')}` : '';
      return ` ${listed([asUsed({ planned }, transport)], 'and', true)} is too late (${formatValue(withinMs, 'ms')})${though}.`;
    })
    .join('');
}

function usedAs(scenario: Pick<ScenarioAnalysis, 'planned'>, some: readonly Transport[]): string {
  return listed(
    some.map((transport) => asUsed(scenario, transport)),
    'or',
  );
}

/** The name as used in advice; for short polling with its interval, on which its staleness depends. */
function asUsed({ planned }: Pick<ScenarioAnalysis, 'planned'>, transport: Transport): string {
  const name = nameWithin(transport);
  return transport === 'short-polling'
    ? `${name} every ${formatParameter(planned.scenario.pollIntervalMs, 'ms')}`
    : name;
}
