import { isDeepStrictEqual } from 'node:util';
import type { LinkConditions } from '../../network/link/path.ts';
import { type Point, scenarioAt, scenarioKey } from '../../scenarios/point.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';

type Grouped = Times & {
  readonly scenario: Scenario;
  readonly point?: Point;
  readonly link?: LinkConditions;
  readonly goesOn?: true;
};

/** A head and those that go on with its processes and connections, in the order of their windows. */
export type Group<P> = readonly [head: P, ...further: P[]];

/**
 * The planned scenarios by the processes and connections that they share. Throws if one goes on with others that do not
 * fit it: what was decided when these processes started and connected cannot change between two windows.
 */
export function groupsOf<P extends Grouped>(scenarios: readonly P[]): readonly Group<P>[] {
  const groups: [P, ...P[]][] = [];
  for (const planned of scenarios) {
    const group = groups.at(-1);
    if (!planned.goesOn) {
      groups.push([planned]);
    } else if (group) {
      assertFits(planned, group);
      group.push(planned);
    } else {
      throw misfit(planned, 'there is none before it');
    }
  }
  return groups;
}

/** The same windows in another order. The first of them starts the processes then, with the warm-up of the head. */
export function reordered<P extends Grouped>(
  group: Group<P>,
  order: (windows: readonly P[]) => readonly P[],
): Group<P> {
  const [{ warmupMs }] = group;
  const windows = order(group).map((planned, place): P => {
    const { goesOn: _, ...own } = planned;
    return (place === 0 ? { ...own, warmupMs } : { ...own, warmupMs: 0, goesOn: true }) as unknown as P;
  });
  return windows as [P, ...P[]];
}

/**
 * Whether a field of the scenario may differ between the windows of one group. `content`: it may, but is given in all
 * of them or in none, because it decides how many channels or connections there are.
 */
const mayDiffer: Readonly<Record<keyof Scenario, 'no' | 'content' | 'yes'>> = {
  name: 'no',
  title: 'yes',
  summary: 'yes',
  clients: 'no',
  channels: 'no',
  origin: 'no',
  arrivals: 'yes',
  payload: 'yes',
  semantics: 'no',
  encoding: 'no',
  echo: 'no',
  inputs: 'content',
  broadcast: 'content',
  pollIntervalMs: 'yes',
  pollCohortsMs: 'no',
  holdMs: 'no',
  heartbeatMs: 'no',
};

const fields = Object.keys(mayDiffer) as (keyof Scenario)[];

function assertFits<P extends Grouped>(planned: P, group: Group<P>): void {
  const [head] = group;
  const other = fields.find((field) => differs(field, planned.scenario, head.scenario));
  if (other !== undefined) throw misfit(planned, `${other} is not as there`);
  if (!isDeepStrictEqual(planned.link, head.link)) throw misfit(planned, 'link is not as there');
  if (planned.repeats !== head.repeats) throw misfit(planned, 'repeats is not as there');
  if (planned.warmupMs !== 0) throw misfit(planned, 'warmupMs is not 0, and only the first is warmed up');
  const key = keyOf(planned);
  if (group.some((each) => keyOf(each) === key)) throw misfit(planned, 'point is that of an earlier one');
}

function differs(field: keyof Scenario, a: Scenario, b: Scenario): boolean {
  switch (mayDiffer[field]) {
    case 'no':
      return !isDeepStrictEqual(a[field], b[field]);
    case 'content':
      return (a[field] === undefined) !== (b[field] === undefined);
    case 'yes':
      return false;
  }
}

function keyOf(planned: Grouped): string {
  return scenarioKey(scenarioAt(planned));
}

function misfit(planned: Grouped, why: string): Error {
  return new Error(`${keyOf(planned)} goes on with the planned scenario before it: ${why}`);
}
