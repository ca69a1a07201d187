import type { LinkName } from '../../network/link/links.ts';
import { type LinkConditions, plainLink } from '../../network/link/path.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import type { Via } from '../../network/route/via.ts';
import type { Transport } from '../../protocol/transport.ts';
import { type Point, scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { randomFrom, seedFrom } from '../../scenarios/random.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';

/** What cuts the connections of many clients at once: a server is killed, or the proxy takes a new configuration. */
export const storms = ['node-killed', 'proxy-reloaded'] as const;

export type StormKind = (typeof storms)[number];

/** One scenario of a run with the time it gets. With `repeats: 1` it is shown and never judged. */
export type PlannedScenario = Times & {
  readonly scenario: Scenario;
  /** Where in a sweep: one scenario may be planned at several points. Absent: nothing is varied. */
  readonly point?: Point;
  /** Of this scenario alone, where its point has another link than the plan. */
  readonly link?: LinkConditions;
};

/** Everything a run is going to do, decided before anything starts. Pure data. */
export type Plan = {
  readonly profile: string;
  readonly seed: string;
  readonly transports: readonly Transport[];
  readonly rttMs: number;
  /** Absent: loopback. */
  readonly network?: 'loopback' | 'isolated';
  /** What an isolated network does beside the round-trip time; absent: nothing. */
  readonly impairments?: Omit<LinkConditions, 'rttMs'>;
  /** The named link whose conditions these are; absent: they have no name, or were changed. */
  readonly link?: LinkName;
  /** Everything goes through a proxy or tunnel of the user; absent: clients know where the servers are. */
  readonly via?: Via;
  readonly scenarios: readonly PlannedScenario[];
  /** The first is the one that verdicts are about, the others are compared with it; absent: the direct one. */
  readonly routes?: readonly Route[];
  /** Cuts the connections of many clients after a third of each window. */
  readonly storm?: StormKind;
  /** Each block runs the one transport twice, as arms A and B: any difference between them is noise. */
  readonly aa?: boolean;
};

type Arm = 'A' | 'B';

/** One scenario × point × transport × path, once, with fresh processes. */
export type PlannedTrial = {
  readonly block: number;
  readonly position: number;
  readonly planned: PlannedScenario;
  /** That of `planned`; `{}` where nothing is varied. */
  readonly point: Point;
  /** Which repeat of its scenario at its point this is, from 0. */
  readonly repeat: number;
  readonly transport: Transport;
  /** Only where a transport runs against itself. */
  readonly arm?: Arm;
  readonly rttMs: number;
  readonly link: LinkConditions;
  readonly linkName?: LinkName;
  readonly route: Route;
  readonly storm?: StormKind;
  readonly via?: Via;
  /** The same for all trials of a block: the same arrivals and phases. */
  readonly seed: string;
};

/**
 * The trials of a plan in the order in which they run.
 *
 * A block is one scenario at one point × one repeat with every transport over every path, so its trials are pairs. Blocks
 * go repeat by repeat: first every planned scenario once, in the plan's order, then every one again. So the first block
 * already makes a whole page for the first scenario, an interrupted run has covered as many scenarios as it could, and the
 * repeats of one scenario lie far apart in time, where a machine that drifts shows as spread instead of hiding in
 * neighbours.
 */
export function planTrials(plan: Plan): readonly PlannedTrial[] {
  return blocksOf(plan).flatMap(({ planned, repeat }, block) => {
    const seed = blockSeed(plan, planned, repeat);
    const link = linkOf(plan, planned);
    return shuffled(entrantsOf(plan), seed).map((entrant, position) => ({
      block,
      position,
      planned,
      point: scenarioAt(planned).point,
      repeat,
      ...entrant,
      rttMs: link.rttMs,
      link,
      ...(plan.storm && { storm: plan.storm }),
      ...(plan.link && !planned.link && { linkName: plan.link }),
      ...(plan.via && { via: plan.via }),
      seed,
    }));
  });
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

/** What the network is to do; with a planned scenario, in its trials. */
export function linkOf({ rttMs, impairments }: Plan, planned?: Pick<PlannedScenario, 'link'>): LinkConditions {
  return planned?.link ?? { ...plainLink(rttMs), ...impairments, rttMs };
}

type Block = { readonly planned: PlannedScenario; readonly repeat: number };

function blocksOf(plan: Plan): readonly Block[] {
  const rounds = Math.max(0, ...plan.scenarios.map(({ repeats }) => repeats));
  return Array.from({ length: rounds }, (_, repeat) =>
    plan.scenarios.filter(({ repeats }) => repeat < repeats).map((planned) => ({ planned, repeat })),
  ).flat();
}

/**
 * Named after scenario, point and repeat, not after the block's number: a plan with one more scenario, or one more point,
 * repeats the others.
 */
function blockSeed(plan: Plan, planned: PlannedScenario, repeat: number): string {
  return `${plan.seed}/${scenarioKey(scenarioAt(planned))}/${repeat}`;
}

/** Fisher and Yates's shuffle, decided by the block's seed. */
function shuffled<T>(entrants: readonly T[], seed: string): readonly T[] {
  const random = randomFrom(seedFrom(seed, 'order'));
  const order = [...entrants];
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}
