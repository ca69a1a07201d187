import { placeOf } from '../../bench/fleet/place.ts';
import type { Bundle } from '../../bench/local/bundle.ts';
import { createLocalFleet } from '../../bench/local/local-fleet.ts';
import { localHost } from '../../bench/local/local-host.ts';
import { unpinned } from '../../bench/local/pinning.ts';
import { placementIn } from '../../bench/local/placement.ts';
import { type PlannedTrial, planTrials, type StormKind, trialsOfCrew } from '../../bench/plan/plan.ts';
import type { Stage } from '../../bench/trial/progress.ts';
import { runCrew } from '../../bench/trial/trial.ts';
import { startScheduler } from '../../machine/process/scheduler.ts';
import { type IsolatedNetwork, type IsolatedOptions, openIsolatedNetwork } from '../../network/isolated/isolated.ts';
import { type LinkName, links } from '../../network/link/links.ts';
import { plainLink } from '../../network/link/path.ts';
import type { Route } from '../../network/route/route.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

export type ShortTrial = {
  readonly scenario: Scenario;
  readonly transport: Transport;
  /** Absent: direct. */
  readonly route?: Route;
  /** The RTT of a trial without a named link; absent: 0. */
  readonly rttMs?: number;
  readonly link?: LinkName;
  /** Absent: loopback. */
  readonly isolated?: Omit<IsolatedOptions, 'link' | 'cores'>;
  /** Absent: 1 s. */
  readonly durationMs?: number;
  /** Absent: none, because it is most of the work of a short trial. */
  readonly warmupMs?: number;
  /** After the first repeat, 0, one more client connects for the specimen. */
  readonly repeat?: number;
  readonly storm?: StormKind;
  readonly openFiles?: number;
  /** Called when the network exists, before anything runs in it. May return one that does more. */
  readonly prepare?: (network: IsolatedNetwork) => Promise<IsolatedNetwork>;
  readonly onStage?: (stage: Stage) => void;
};

/**
 * For tests only: one trial with processes and, unless it is on loopback, a network of its own. Nothing is pinned, because
 * several such trials run at once and would all wait for the same core.
 */
export async function shortTrial(bundle: Bundle, asked: ShortTrial): Promise<TrialRecord> {
  const [record] = await shortCrew(bundle, asked, []);
  return record!;
}

/** As `shortTrial`, with further windows on the same connections, each with these fields in place of the first one's. */
export async function shortCrew(
  bundle: Bundle,
  asked: ShortTrial,
  further: readonly Partial<Scenario>[],
): Promise<readonly TrialRecord[]> {
  const trial = plannedTrial(asked, further);
  const { isolated, prepare, openFiles = 20_000, onStage = () => {} } = asked;
  const opened = isolated && (await openIsolatedNetwork({ link: trial.link, cores: unpinned.cores, ...isolated }));
  try {
    const network = opened && ((await prepare?.(opened)) ?? opened);
    const records: TrialRecord[] = [];
    const surroundings = {
      fleet: createLocalFleet(bundle.programs, unpinned, network && placementIn(network)),
      host: localHost(unpinned, network && { network }),
      place: placeOf(trial, network),
      directory: bundle.directory,
      openFiles,
      startScheduler,
      onStage,
      signal: new AbortController().signal,
    };
    for await (const record of runCrew(trial, surroundings)) records.push(record);
    return records;
  } finally {
    await opened?.close();
  }
}

function plannedTrial(asked: ShortTrial, further: readonly Partial<Scenario>[]): PlannedTrial {
  const { scenario, transport, route, link, storm, durationMs = 1_000, warmupMs = 0, repeat = 0 } = asked;
  const { rttMs, ...impairments } = link ? links[link].conditions : plainLink(asked.rttMs ?? 0);
  const head = { scenario, repeats: 1, durationMs, warmupMs };
  const after = further.map((given, place) => ({
    ...head,
    scenario: { ...scenario, ...given },
    point: { window: place + 2 },
    warmupMs: 0,
    goesOn: true as const,
  }));
  const [trial] = planTrials({
    profile: 'smoke',
    seed: 'short',
    transports: [transport],
    rttMs,
    impairments,
    ...(link && { link }),
    ...(route && { routes: [route] }),
    ...(storm && { storm }),
    scenarios: [head, ...after],
  });
  const [first, ...others] = trialsOfCrew(trial!).map((each) => ({ ...each, repeat }));
  return others.length === 0 ? first! : { ...first!, further: others };
}
