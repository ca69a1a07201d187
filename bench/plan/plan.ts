import type { LinkName } from '../../network/link/links.ts';
import { type LinkConditions, plainLink } from '../../network/link/path.ts';
import { type ClientImplementation, implementationOn } from '../../network/route/client-implementation.ts';
import { directRoute, type Route, routeName } from '../../network/route/route.ts';
import type { Via } from '../../network/route/via.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import { type Point, scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { type Random, randomFrom, shuffled } from '../../scenarios/random.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { type Group, groupsOf, reordered } from './groups.ts';

/** What cuts the connections of many clients at once: a server is killed, or the proxy takes a new configuration. */
export const storms = ['node-killed', 'proxy-reloaded'] as const;

export type StormKind = (typeof storms)[number];

/** One scenario of a run with its times. With `repeats: 1` it is shown and never judged. */
export type PlannedScenario = Times & {
  readonly scenario: Scenario;
  /** The point in a sweep; one scenario may be planned at several. Absent: nothing is varied. */
  readonly point?: Point;
  /** Only if its point has another link than the plan. */
  readonly link?: LinkConditions;
  /** Only if its point has a cookie of its own, on every path. */
  readonly cookieBytes?: number;
  /** Goes on with the processes and connections of the planned scenario before it, after its window. */
  readonly goesOn?: true;
};

/** Everything a run is going to do, decided before anything starts. Pure data. */
export type Plan = {
  readonly profile: string;
  readonly seed: string;
  readonly transports: readonly Transport[];
  readonly rttMs: number;
  /** Absent: loopback. */
  readonly network?: 'loopback' | 'isolated';
  /** Link conditions of an isolated network other than the round-trip time; absent: none. */
  readonly impairments?: Omit<LinkConditions, 'rttMs'>;
  /** The named link that has these conditions; absent: they have no name, or were changed. */
  readonly link?: LinkName;
  /** The user's own proxy or tunnel, if everything goes through one. */
  readonly via?: Via;
  readonly scenarios: readonly PlannedScenario[];
  /** The planned scenarios of each repeat come in random order, and so do the windows of a group; absent: as planned. */
  readonly shuffled?: true;
  /** Verdicts are about the first, the others are compared with it; absent: the direct one. */
  readonly routes?: readonly Route[];
  /** Cuts the connections of many clients after a third of each window. */
  readonly storm?: StormKind;
  /** What the clients are made of, where the path allows it; absent: lean. */
  readonly client?: ClientImplementation;
  /** Absent: one for each core that is left for them. */
  readonly loadProcesses?: number;
  /** What is searched for, if the loads of trials are decided one after the other; the scenario is the one whose load is raised. */
  readonly capacity?: CapacityPlan;
  /** Each block runs the one transport twice, as arms A and B, so that any difference between them is noise. */
  readonly aa?: boolean;
};

type Arm = 'A' | 'B';

/** One scenario × point × transport × path, once: with fresh processes, or with those of the trial that it goes on with. */
export type PlannedTrial = {
  readonly block: number;
  readonly position: number;
  readonly planned: PlannedScenario;
  /** The point of `planned`; `{}` if nothing is varied. */
  readonly point: Point;
  /** Which repeat of its scenario at its point this is, from 0. */
  readonly repeat: number;
  readonly transport: Transport;
  /** Only if a transport runs against itself. */
  readonly arm?: Arm;
  readonly rttMs: number;
  readonly link: LinkConditions;
  readonly linkName?: LinkName;
  readonly route: Route;
  /** Only if its point has a cookie of its own: the name of the plan's path, which that does not change. */
  readonly pathName?: string;
  readonly storm?: StormKind;
  readonly via?: Via;
  readonly client: ClientImplementation;
  /** Absent: one for each core that is left for them. */
  readonly loadProcesses?: number;
  /** How many CPUs servers and proxy may use together; absent: all of their cores. */
  readonly serverCpus?: number;
  /** The same for all trials of a block: the same arrivals and phases. */
  readonly seed: string;
  /** After its window the closed-loop ceiling of a polling endpoint is measured. */
  readonly closedLoop?: true;
  /** Those that go on with its processes and connections, in the order of their windows; absent: none. */
  readonly further?: readonly PlannedTrial[];
};

/**
 * The trials of a plan in the order in which they run; those that go on with others are in their `further`.
 *
 * A block is one repeat of one scenario at one point, with every transport over every path, so its trials are pairs.
 * Blocks go repeat by repeat: first every planned scenario once, in the plan's order, then every one again. So the
 * first block already fills a page for the first scenario, an interrupted run has covered as many scenarios as
 * possible, and the repeats of one scenario lie far apart in time, so that a drifting machine shows as spread. A plan
 * that is `shuffled` goes repeat by repeat, too, each in an order of its own: along an axis, drift is no slope then.
 *
 * Planned scenarios that go on with another form a group with it. Each has a block of its own, but the blocks of a group
 * run together: one transport plays the windows of all of them before the next transport starts.
 *
 * Throws if a planned scenario cannot go on with the one before it.
 */
export function planTrials(plan: Plan): readonly PlannedTrial[] {
  assertNoStormGoesOn(plan);
  let next = 0;
  return turnsOf(plan).flatMap(({ group, repeat }) => {
    const block = next;
    next += group.length;
    const entrants = shuffled(entrantsOf(plan), orderBy(blockSeed(plan, group[0], repeat)));
    return entrants.map((entrant, position) => {
      const trials = group.map((planned, place) =>
        trialOf(plan, planned, { block: block + place, position, repeat, entrant }),
      );
      const [head, ...further] = trials as [PlannedTrial, ...PlannedTrial[]];
      return further.length === 0 ? head : { ...head, further };
    });
  });
}

/** A trial and those that go on with it, in the order of their windows. */
export function trialsOfCrew(head: PlannedTrial): readonly [PlannedTrial, ...PlannedTrial[]] {
  return [head, ...(head.further ?? [])];
}

/** The trials of a plan one by one, in the order of their records. */
export function eachTrial(plan: Plan): readonly PlannedTrial[] {
  return planTrials(plan).flatMap(trialsOfCrew);
}

/** What a storm cuts off would be missing in the windows that follow. */
function assertNoStormGoesOn({ storm, scenarios }: Plan): void {
  if (storm && scenarios.some(({ goesOn }) => goesOn)) throw new Error('storm: no planned scenario may go on after it');
}

type Place = { readonly block: number; readonly position: number; readonly repeat: number; readonly entrant: Entrant };

function trialOf(plan: Plan, planned: PlannedScenario, { block, position, repeat, entrant }: Place): PlannedTrial {
  const link = linkOf(plan, planned);
  return {
    block,
    position,
    planned,
    point: scenarioAt(planned).point,
    repeat,
    ...entrant,
    ...ownCookie(planned, entrant.route),
    rttMs: link.rttMs,
    link,
    ...(plan.storm && { storm: plan.storm }),
    ...(plan.link && !planned.link && { linkName: plan.link }),
    ...(plan.via && { via: plan.via }),
    client: implementationOn(entrant.route, plan.client ?? 'lean'),
    ...(plan.loadProcesses !== undefined && { loadProcesses: plan.loadProcesses }),
    seed: blockSeed(plan, planned, repeat),
  };
}

function ownCookie({ cookieBytes }: PlannedScenario, route: Route): Partial<Pick<PlannedTrial, 'route' | 'pathName'>> {
  return cookieBytes === undefined ? {} : { route: { ...route, cookieBytes }, pathName: routeName(route) };
}

type Entrant = Pick<PlannedTrial, 'transport' | 'route' | 'arm'>;

/** What runs once in each block. */
function entrantsOf(plan: Plan): readonly Entrant[] {
  return routesOf(plan).flatMap((route) =>
    plan.transports.flatMap((transport): readonly Entrant[] =>
      plan.aa
        ? [
            { transport, route, arm: 'A' },
            { transport, route, arm: 'B' },
          ]
        : [{ transport, route }],
    ),
  );
}

/** The paths of a plan, at least one. */
export function routesOf({ routes }: Plan): readonly Route[] {
  return routes ?? [directRoute];
}

/** The link conditions of a plan, or those of a planned scenario that has its own. */
export function linkOf({ rttMs, impairments }: Plan, planned?: Pick<PlannedScenario, 'link'>): LinkConditions {
  return planned?.link ?? { ...plainLink(rttMs), ...impairments, rttMs };
}

/** One repeat of a group. */
function turnsOf(plan: Plan): readonly { readonly group: Group<PlannedScenario>; readonly repeat: number }[] {
  const { scenarios } = plan;
  const groups = groupsOf(scenarios);
  const rounds = Math.max(0, ...scenarios.map(({ repeats }) => repeats));
  return Array.from({ length: rounds }, (_, repeat) => {
    const playing = groups.filter(([{ repeats }]) => repeat < repeats);
    return (plan.shuffled ? shuffledGroups(plan, playing, repeat) : playing).map((group) => ({ group, repeat }));
  }).flat();
}

function shuffledGroups(
  plan: Plan,
  groups: readonly Group<PlannedScenario>[],
  repeat: number,
): readonly Group<PlannedScenario>[] {
  const windowsOf = (group: Group<PlannedScenario>) =>
    reordered(group, (windows) => shuffled(windows, orderBy(`${blockSeed(plan, group[0], repeat)}/windows`)));
  return shuffled(groups, orderBy(`${plan.seed}/points/${repeat}`)).map(windowsOf);
}

/**
 * Made of scenario, point and repeat, not of the block's number: another scenario or point in the plan does not change
 * the seeds of the rest.
 */
function blockSeed(plan: Plan, planned: PlannedScenario, repeat: number): string {
  return `${plan.seed}/${scenarioKey(scenarioAt(planned))}/${repeat}`;
}

function orderBy(seed: string): Random {
  return randomFrom(seedFrom(seed, 'order'));
}
