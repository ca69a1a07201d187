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
import { randomFrom } from '../../scenarios/random.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { roundedDuration } from '../../text/duration.ts';
import type { ProgressView } from '../screen/progress.ts';
import type { Conduct, Status } from '../session/carry-out.ts';
import type { CapacityRequest } from './capacity-request.ts';

/**
 * Transports one after the other, in random order. The searches of one take turns at every load, so that a machine which
 * gets faster or slower does so for all of them.
 */
export function conductSearches({ plan: { capacity, scenarios, transports }, planAt }: CapacityRequest): Conduct {
  const searches = capacity.searches * transports.length;
  const { title } = scenarios[0]!.scenario;
  return {
    announced: `${searches} ${searches === 1 ? 'search' : 'searches'}, ${roundedDuration(capacity.withinMs)} at most: ${title}, ${searchedText(capacity)}`,
    carryOut: async (plan, { store, view, pinning, signal }) => {
      const site = await openLocalSite(plan, pinning);
      const endMs = performance.now() + capacity.withinMs;
      try {
        const order = shuffled(plan);
        for (const [place, transport] of order.entries()) {
          const leftMs = endMs - performance.now();
          const untilMs = performance.now() + leftMs / (order.length - place);
          const searching: Searching = { capacity, plan, planAt, transport, site, store, view, signal, untilMs };
          if ((await carryOutSearches(searching)) === 'interrupted') return 'interrupted';
          if ((await carryOutClosedLoop(searching)) === 'interrupted') return 'interrupted';
        }
        return 'completed';
      } finally {
        await site.close();
      }
    },
  };
}

function shuffled({ seed, transports }: Plan): readonly Transport[] {
  const random = randomFrom(seedFrom(seed, 'searches'));
  return transports
    .map((transport) => ({ transport, at: random.float() }))
    .sort((a, b) => a.at - b.at)
    .map(({ transport }) => transport);
}

type Searching = {
  readonly capacity: CapacityPlan;
  readonly plan: Plan;
  readonly planAt: (load: number) => Plan;
  readonly transport: Transport;
  readonly site: Site;
  readonly store: Store;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  /** By `performance.now()`. */
  readonly untilMs: number;
};

/** A search with what it has measured so far. */
type Search = { readonly place: number; readonly records: TrialRecord[] };

/** Crews that could not play a single window say that something else is wrong. */
const mostFailures = 3;

async function carryOutSearches(searching: Searching): Promise<Status> {
  const { capacity, signal } = searching;
  let open: readonly Search[] = Array.from({ length: capacity.searches }, (_, place) => ({ place, records: [] }));
  while (open.length > 0 && !signal.aborted) {
    for (const search of open) await carryOutTurn(searching, search);
    // The order turns round each time, so that none is always first.
    open = open.filter((search) => nextOf(searching, search).kind === 'measure').reverse();
  }
  return signal.aborted ? 'interrupted' : 'completed';
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
async function carryOutTurn(searching: Searching, search: Search): Promise<void> {
  const { capacity, plan, site, store, signal } = searching;
  const { records } = search;
  const step = nextOf(searching, search);
  if (step.kind === 'done' || signal.aborted) return;
  const goesOn = capacity.over === 'rate' && capacity.searches === 1;
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
  { capacity, transport, view }: Searching,
  { place, records }: Search,
  { load, from }: { readonly load: number; readonly from: number },
): void {
  const windows = records.slice(from).map((record) => windowOf(record, capacity.objective, 0));
  if (windows.length > 0) view.note(readingLine(transport, capacity, { load, windows }, place));
}

const polled: readonly Transport[] = ['short-polling', 'long-polling'];

/** The ceiling of a polling endpoint, with processes of its own at the least load. */
async function carryOutClosedLoop(searching: Searching): Promise<Status> {
  const { capacity, site, store, view, signal, transport } = searching;
  if (!polled.includes(transport)) return 'completed';
  const search = { place: 0, records: [] };
  const trial = { ...trialAt(searching, search, capacity.least, false), closedLoop: true as const };
  const record = await runAt(site, trial, { onStage: () => {}, signal });
  if (signal.aborted) return 'interrupted';
  // A window without the figure would count as one of the search.
  if (record.status === 'completed' && record.closedLoop) {
    store.append(record);
    view.note(`${transportTitles[transport]}: ${closedLoopText(record.closedLoop)}`);
  }
  return 'completed';
}

/** A window of a search. Nothing is captured after it: it is never the first repeat of its load. */
function trialAt(
  { plan, planAt, transport }: Searching,
  { place, records }: Search,
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
    block: place,
    position: records.length,
    repeat: 1,
    seed: `${plan.seed}/${place}/${load}/${records.length}`,
  };
}
