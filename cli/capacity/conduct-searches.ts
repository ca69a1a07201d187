import { stepAfter, windowsOfCrew } from '../../analysis/capacity/capacity.ts';
import { windowOf } from '../../analysis/capacity/objective.ts';
import type { NextStep } from '../../analysis/capacity/search.ts';
import type { Site } from '../../bench/fleet/site.ts';
import { openLocalSite } from '../../bench/local/local-site.ts';
import { type Plan, type PlannedTrial, planTrials } from '../../bench/plan/plan.ts';
import { runAt, runCrewAt } from '../../bench/trial/run.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { closedLoopText, readingLine, searchedText } from '../../report/capacity/capacity-text.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import type { Store } from '../../results/store/store.ts';
import { randomFrom, shuffled } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { roundedDuration } from '../../text/duration.ts';
import type { ProgressView } from '../screen/progress.ts';
import type { Conduct } from '../session/carry-out.ts';
import type { CapacityRequest } from './capacity-request.ts';

/**
 * All searches take turns, a crew of processes each, in rounds: a machine that gets faster or slower does so for all of
 * them, and a load is decided by crews that lie minutes apart.
 */
export function conductSearches({ plan: { capacity, scenarios, transports }, planAt }: CapacityRequest): Conduct {
  const searches = capacity.searches * transports.length;
  const { title } = scenarios[0]!.scenario;
  return {
    announced: `${searches} ${searches === 1 ? 'search' : 'searches'}, ${roundedDuration(capacity.withinMs)} at most: ${title}, ${searchedText(capacity)}`,
    carryOut: async (plan, { store, view, pinning, signal }) => {
      const site = await openLocalSite(plan, pinning);
      const untilMs = performance.now() + capacity.withinMs;
      const searching: Searching = { capacity, plan, planAt, site, store, view, signal, untilMs };
      try {
        await carryOutSearches(searching);
        for (const transport of transports) await carryOutClosedLoop(searching, transport);
        return signal.aborted ? 'interrupted' : 'completed';
      } finally {
        await site.close();
      }
    },
  };
}

type Searching = {
  readonly capacity: CapacityPlan;
  readonly plan: Plan;
  readonly planAt: (load: number) => Plan;
  readonly site: Site;
  readonly store: Store;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  /** By `performance.now()`. */
  readonly untilMs: number;
};

/** One of a transport's searches, with what it has measured so far. */
type Search = { readonly transport: Transport; readonly place: number; readonly records: TrialRecord[] };

/** Crews that could not play a single window say that something else is wrong. */
const mostFailures = 3;

async function carryOutSearches(searching: Searching): Promise<void> {
  const { capacity, plan, signal } = searching;
  const random = randomFrom(seedFrom(plan.seed, 'searches'));
  let open: readonly Search[] = Array.from({ length: capacity.searches }, (_, place) =>
    plan.transports.map((transport) => ({ transport, place, records: [] })),
  ).flat();
  while (open.length > 0 && !signal.aborted) {
    const isAlone = open.length === 1;
    for (const search of shuffled(open, random)) await carryOutTurn(searching, search, isAlone);
    open = open.filter((search) => nextOf(searching, search).kind === 'measure');
  }
}

function nextOf({ capacity, plan, untilMs }: Searching, { records }: Search): NextStep {
  const isFailing =
    records.length >= mostFailures && records.slice(-mostFailures).every(({ status }) => status === 'failed');
  return stepAfter(capacity, plan.scenarios[0]!.scenario, records, performance.now() > untilMs || isFailing);
}

/**
 * The windows of one crew: some at one load, or all that are left where the same connections will do and no other search
 * waits.
 */
async function carryOutTurn(searching: Searching, search: Search, isAlone: boolean): Promise<void> {
  const { capacity, plan, site, store, signal } = searching;
  const { records } = search;
  const step = nextOf(searching, search);
  if (step.kind === 'done' || signal.aborted) return;
  const goesOn = capacity.over === 'rate' && isAlone;
  let { load } = step;
  const most = goesOn ? Number.POSITIVE_INFINITY : windowsOfCrew(capacity, plan.scenarios[0]!.scenario, load);
  const first = records.length;
  let from = first;
  const tell = () => {
    tellReading(searching, search, { load, from });
    from = records.length;
  };
  const goOn = () => {
    const following = nextOf(searching, search);
    if (following.kind === 'done' || (following.load !== load && !goesOn)) return undefined;
    if (records.length - first >= most) return undefined;
    if (following.load !== load) tell();
    load = following.load;
    return trialAt(searching, search, load, true);
  };
  const opening = trialAt(searching, search, load, false);
  for await (const record of runCrewAt(site, opening, { onStage: () => {}, signal, goOn })) {
    if (signal.aborted) return;
    store.append(record);
    records.push(record);
  }
  tell();
}

/** A line about the windows at a load, from one of all records of the search on. */
function tellReading(
  { capacity, view }: Searching,
  { transport, place, records }: Search,
  { load, from }: { readonly load: number; readonly from: number },
): void {
  const windows = records.slice(from).map((record) => windowOf(record, capacity.objective, 0));
  if (windows.length > 0) view.note(readingLine(transport, capacity, { load, windows }, place));
}

const polled: readonly Transport[] = ['short-polling', 'long-polling'];

/** The ceiling of a polling endpoint, with processes of its own at the least load. */
async function carryOutClosedLoop(searching: Searching, transport: Transport): Promise<void> {
  const { capacity, site, store, view, signal } = searching;
  if (!polled.includes(transport) || signal.aborted) return;
  const search: Search = { transport, place: 0, records: [] };
  const trial = { ...trialAt(searching, search, capacity.least, false), closedLoop: true as const };
  const record = await runAt(site, trial, { onStage: () => {}, signal });
  // A window without the figure would count as one of the search.
  if (signal.aborted || record.status !== 'completed' || !record.closedLoop) return;
  store.append(record);
  view.note(`${transportTitles[transport]}: ${closedLoopText(record.closedLoop, capacity)}`);
}

/** A window of a search. Nothing is captured after it: it is never the first repeat of its load. */
function trialAt(
  { capacity: { serverCpus }, plan, planAt }: Searching,
  { transport, place, records }: Search,
  load: number,
  goesOn: boolean,
): PlannedTrial {
  const at = planAt(load);
  const [planned] = at.scenarios;
  const own = { ...planned!, ...(goesOn && { warmupMs: 0, goesOn: true as const }) };
  const [trial] = planTrials({
    ...at,
    ...(plan.network && { network: plan.network }),
    transports: [transport],
    scenarios: [{ ...planned!, repeats: 1 }],
  });
  return {
    ...trial!,
    planned: own,
    ...(serverCpus !== undefined && { serverCpus }),
    block: place,
    position: records.length,
    repeat: 1,
    seed: `${plan.seed}/${place}/${load}/${records.length}`,
  };
}
