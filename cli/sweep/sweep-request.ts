import { isDeepStrictEqual } from 'node:util';
import { linkOf, type Plan, type PlannedScenario, routesOf } from '../../bench/plan/plan.ts';
import { isDirect } from '../../network/route/route.ts';
import { type Point, pointText } from '../../scenarios/point.ts';
import { axesThatKeepProcesses, sweptAxes, sweptAxis } from '../../scenarios/swept-axes.ts';
import { UsageError } from '../../text/usage-error.ts';
import { flagOf } from '../options/declaration.ts';
import { planRequested } from '../request/plan-request.ts';
import type { Asked } from '../request/scenario-arguments.ts';
import type { Over, SweepOptions } from './sweep-options.ts';

/** The plan of `pvw run` at one point of a sweep, and the options that ask for it. */
export type PlannedPoint = { readonly point: Point; readonly request: SweepOptions; readonly plan: Plan };

/**
 * What `pvw run` would plan at each point of the axes, the last of which varies fastest. Throws `UsageError`, with the
 * point if its values contradict the scenario or each other.
 */
export function pointsRequested(asked: Asked, options: SweepOptions): readonly PlannedPoint[] {
  const axes = options.over ?? [];
  checkAxes(axes, options);
  const seed = options.seed ?? planRequested([asked], options).seed;
  return pointsOf(axes).map((values) => {
    const point = Object.fromEntries(values.map(({ word, value }) => [sweptAxis(word).axis, value]));
    const set = Object.fromEntries(values.map(({ word, value }) => [sweptAxis(word).option, value]));
    const request: SweepOptions = { ...options, ...set, seed };
    return { point, request, plan: atPoint(point, () => planRequested([asked], request)) };
  });
}

/** Does what may be refused at a point, whose values are not in the words of the error. */
export function atPoint<T>(point: Point, attempted: () => T): T {
  try {
    return attempted();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--over: at ${pointText(point)}: ${error.message}`);
  }
}

/**
 * One plan for all points, each repeat of them in random order. Points that differ only in what may change between two
 * windows share processes and connections.
 */
export function sweepPlan(points: readonly PlannedPoint[]): Plan {
  const [first] = points as readonly [PlannedPoint, ...PlannedPoint[]];
  const plan = isCookieVaried(first) ? withoutCookie(first.plan) : first.plan;
  const planned = points.flatMap((each) => plannedAt(each, plan));
  return { ...plan, shuffled: true, scenarios: plan.storm === undefined ? sharing(planned) : planned };
}

function checkAxes(axes: readonly Over[], options: SweepOptions): void {
  if (axes.length === 0) throw new UsageError('--over: give what varies and its values, such as clients=100,300,1000');
  if (axes.length > 2) throw new UsageError(`--over: has ${axes.length} axes; a sweep has one or two`);
  const [first, second] = axes;
  if (first?.word === second?.word)
    throw new UsageError(`--over: ${first?.word} is there twice; give all values at once`);
  for (const { word } of axes) checkAxis(word, options);
}

function checkAxis(word: Over['word'], options: SweepOptions): void {
  const { option } = sweptAxis(word);
  if (options[option as keyof SweepOptions] !== undefined) {
    throw new UsageError(`${flagOf(option)}: is what --over ${word} varies; leave it out`);
  }
  if (word === 'rate' && options.trace !== undefined) {
    throw new UsageError('--over: rate cannot vary beside --trace, which has its own arrivals; give one of them');
  }
  if (word === 'cookie-bytes' && options.paths !== undefined) {
    throw new UsageError('--over: cookie-bytes cannot vary beside --paths; give one path by its own options');
  }
}

type Value = { readonly word: Over['word']; readonly value: number };

function pointsOf([first, ...others]: readonly Over[]): readonly (readonly Value[])[] {
  if (!first) return [[]];
  const rest = pointsOf(others);
  return first.values.flatMap((value) => rest.map((more) => [{ word: first.word, value }, ...more]));
}

/** The planned scenarios of a point, with what its plan has of its own. */
function plannedAt(at: PlannedPoint, first: Plan): readonly PlannedScenario[] {
  const { point, plan, request } = at;
  const link = linkOf(plan);
  return plan.scenarios.map((planned) => ({
    ...planned,
    point,
    durationMs: longEnough(planned, at),
    ...(!isDeepStrictEqual(link, linkOf(first)) && { link }),
    ...(isCookieVaried(at) && { cookieBytes: request.cookieBytes! }),
  }));
}

/** Of short polls: in a shorter window most updates would be fetched after it, when nothing new follows. */
const leastIntervals = 3;

/** Along poll intervals windows are as long as some of them, whatever was asked for. */
function longEnough({ durationMs, scenario }: PlannedScenario, { point, plan }: PlannedPoint): number {
  const isPolled = sweptAxes['poll-interval'].axis in point && plan.transports.includes('short-polling');
  return isPolled ? Math.max(durationMs, leastIntervals * scenario.pollIntervalMs) : durationMs;
}

function isCookieVaried({ point }: PlannedPoint): boolean {
  return sweptAxes['cookie-bytes'].axis in point;
}

/** The paths without the cookies, which belong to the points then. */
function withoutCookie(plan: Plan): Plan {
  const { routes: _, ...rest } = plan;
  const routes = routesOf(plan).map((route) => ({ ...route, cookieBytes: 0 }));
  return { ...rest, ...(!routes.every(isDirect) && { routes }) };
}

/** In the order of their groups: those that can go on with the first of a group do. */
function sharing(planned: readonly PlannedScenario[]): readonly PlannedScenario[] {
  const groups = new Map<string, PlannedScenario[]>();
  for (const each of planned) {
    const key = keyOfGroup(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap(([head, ...further]) => [
    head!,
    ...further.map((each) => ({ ...each, warmupMs: 0, goesOn: true as const })),
  ]);
}

/** Alike for points whose values differ only on axes that keep the processes. */
function keyOfGroup({ point = {} }: PlannedScenario): string {
  const kept = new Set(axesThatKeepProcesses);
  return JSON.stringify(Object.entries(point).filter(([axis]) => !kept.has(axis)));
}
