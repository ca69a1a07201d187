import { stepAfter } from '../../analysis/capacity/capacity.ts';
import { windowOf } from '../../analysis/capacity/objective.ts';
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

/** Searches one after the other: in each block every transport once, in random order. */
export function conductSearches({ plan: { capacity, scenarios, transports }, planAt }: CapacityRequest): Conduct {
  const searches = capacity.searches * transports.length;
  const { title } = scenarios[0]!.scenario;
  return {
    announced: `${searches} ${searches === 1 ? 'search' : 'searches'}, ${roundedDuration(capacity.withinMs)} at most: ${title}, ${searchedText(capacity)}`,
    carryOut: async (plan, { store, view, pinning, signal }) => {
      const site = await openLocalSite(plan, pinning);
      const endMs = performance.now() + capacity.withinMs;
      try {
        const order = blocksOf(plan, capacity);
        for (const [place, { search, transport }] of order.entries()) {
          const leftMs = endMs - performance.now();
          const untilMs = performance.now() + leftMs / (order.length - place);
          const searching: Searching = {
            capacity,
            plan,
            planAt,
            search,
            transport,
            site,
            store,
            view,
            signal,
            untilMs,
          };
          if ((await carryOutSearch(searching)) === 'interrupted') return 'interrupted';
          if (search === 0 && (await carryOutClosedLoop(searching)) === 'interrupted') return 'interrupted';
        }
        return 'completed';
      } finally {
        await site.close();
      }
    },
  };
}

type Turn = { readonly search: number; readonly transport: Transport };

function blocksOf({ seed, transports }: Plan, { searches }: CapacityPlan): readonly Turn[] {
  return Array.from({ length: searches }, (_, search) => {
    const random = randomFrom(seedFrom(seed, 'searches', search));
    return transports
      .map((transport) => ({ turn: { search, transport }, at: random.float() }))
      .sort((a, b) => a.at - b.at)
      .map(({ turn }) => turn);
  }).flat();
}

type Searching = Turn & {
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

/** Crews that could not play a single window say that something else is wrong. */
const mostFailures = 3;

/** Searches with as few crews as the axis allows: a rate may change on the same connections, clients may not. */
async function carryOutSearch(searching: Searching): Promise<Status> {
  const { capacity, plan, site, store, view, signal, untilMs, transport } = searching;
  const { scenario } = plan.scenarios[0]!;
  const records: TrialRecord[] = [];
  let failures = 0;
  const next = () => stepAfter(capacity, scenario, records, performance.now() > untilMs || failures >= mostFailures);
  for (let step = next(); step.kind === 'measure'; step = next()) {
    if (signal.aborted) return 'interrupted';
    let { load } = step;
    let from = records.length;
    const tell = () => {
      const windows = records.slice(from).map((record) => windowOf(record, capacity.objective, 0));
      if (windows.length > 0) view.note(readingLine(transport, capacity, { load, windows }));
      from = records.length;
    };
    const goOn = () => {
      const following = next();
      if (following.kind === 'done' || (following.load !== load && capacity.over === 'clients')) return undefined;
      if (following.load !== load) tell();
      load = following.load;
      return trialAt(searching, load, records.length, true);
    };
    const first = trialAt(searching, load, records.length, false);
    for await (const record of runCrewAt(site, first, { onStage: () => {}, signal, goOn })) {
      if (signal.aborted) return 'interrupted';
      store.append(record);
      records.push(record);
      failures = record.status === 'failed' ? failures + 1 : 0;
    }
    tell();
  }
  return signal.aborted ? 'interrupted' : 'completed';
}

const polled: readonly Transport[] = ['short-polling', 'long-polling'];

/** The ceiling of a polling endpoint, with processes of its own at the least load. */
async function carryOutClosedLoop(searching: Searching): Promise<Status> {
  const { capacity, site, store, view, signal, transport } = searching;
  if (!polled.includes(transport)) return 'completed';
  const trial = { ...trialAt(searching, capacity.least, 0, false), closedLoop: true as const };
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
  { plan, planAt, search, transport }: Searching,
  load: number,
  position: number,
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
    block: search,
    position,
    repeat: 1,
    seed: `${plan.seed}/${search}/${load}/${position}`,
  };
}
