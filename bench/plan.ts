import type { LinkName } from '../network/links.ts';
import { type LinkConditions, plainLink } from '../network/path.ts';
import { directRoute, type Route } from '../network/route.ts';
import type { Via } from '../network/via.ts';
import type { Transport } from '../protocol/transport.ts';
import { randomFrom, seedFrom } from '../scenarios/random.ts';
import type { Scenario, Times } from '../scenarios/scenario.ts';
import type { StormKind } from './storm-kinds.ts';

/** One scenario of a run with the time it gets. `repeats: 1` is shown once and never judged. */
export type PlannedScenario = Times & { readonly scenario: Scenario };

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
  /** Each block has its one transport twice, as arms A and B: whatever differs between them is noise. */
  readonly aa?: boolean;
};

type Arm = 'A' | 'B';

/** One scenario × transport × path, once, with fresh processes. */
export type PlannedTrial = {
  readonly block: number;
  readonly position: number;
  readonly planned: PlannedScenario;
  /** Which repeat of its scenario this is, from 0. */
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
 * A block is one scenario × one repeat with every transport over every path, so its trials are pairs. Blocks go repeat by repeat: first
 * every scenario once, in the plan's order, then every scenario again. So the first block already makes a whole page for
 * the first scenario, an interrupted run has covered as many scenarios as it could, and the repeats of one scenario lie
 * far apart in time, where a machine that drifts shows as spread instead of hiding in neighbours.
 */
export function planTrials(plan: Plan): readonly PlannedTrial[] {
  return blocksOf(plan).flatMap(({ planned, repeat }, block) => {
    const seed = blockSeed(plan, planned.scenario, repeat);
    return shuffled(entrantsOf(plan), seed).map((entrant, position) => ({
      block,
      position,
      planned,
      repeat,
      ...entrant,
      rttMs: plan.rttMs,
      link: linkOf(plan),
      ...(plan.storm && { storm: plan.storm }),
      ...(plan.link && { linkName: plan.link }),
      ...(plan.via && { via: plan.via }),
      seed,
    }));
  });
}

type Entrant = Pick<PlannedTrial, 'transport' | 'route' | 'arm'>;

/** Who runs once in each block. */
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

/** What the network of a plan is to do. */
export function linkOf({ rttMs, impairments }: Plan): LinkConditions {
  return { ...plainLink(rttMs), ...impairments, rttMs };
}

type Block = { readonly planned: PlannedScenario; readonly repeat: number };

function blocksOf(plan: Plan): readonly Block[] {
  const rounds = Math.max(0, ...plan.scenarios.map(({ repeats }) => repeats));
  return Array.from({ length: rounds }, (_, repeat) =>
    plan.scenarios.filter(({ repeats }) => repeat < repeats).map((planned) => ({ planned, repeat })),
  ).flat();
}

/** Named after scenario and repeat, not after the block's number: a plan with one more scenario repeats the others. */
function blockSeed(plan: Plan, scenario: Scenario, repeat: number): string {
  return `${plan.seed}/${scenario.name}/${repeat}`;
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
