import { busyMs, type CoreIdle } from '../../machine/host/core-time.ts';
import type { Watched } from '../../machine/host/noise-probe.ts';
import { type Scheduler, sleepUntil } from '../../machine/process/scheduler.ts';
import { longestPollIntervalMs, ratePerSecond } from '../../scenarios/scenario.ts';
import type { Phase } from '../../scenarios/schedule.ts';
import { reasonOf } from '../../text/reason.ts';
import { type Crew, relaysOf, sampleCrew } from '../fleet/crew.ts';
import type { Host } from '../fleet/host.ts';
import { connectPerSecond, mostConnecting, stillMsOf } from '../plan/overheads.ts';
import type { PlannedScenario, PlannedTrial } from '../plan/plan.ts';
import { warmUpScenario } from '../plan/warm-up.ts';
import type { Books } from '../readings/ledger.ts';
import { readOrder } from '../readings/order.ts';
import { readTraffic, type Snapshot, takeSnapshot } from '../readings/snapshot.ts';
import type { Storm } from '../record/storm-record.ts';
import { unexplained } from './explain-failure.ts';
import { untilStill } from './quiet-edge.ts';
import { letLoose } from './storm.ts';

/** A trial whose processes have started: what every stage works with. */
export type Underway = {
  readonly trial: PlannedTrial;
  readonly crew: Crew;
  readonly host: Host;
  readonly scheduler: Scheduler;
  /** Aborting it ends every wait. */
  readonly signal: AbortSignal;
};

export const connectSlackMs = 30_000;
/** Behind a misconfigured proxy: if it keeps clients out, it does so at once, in every trial. */
const mistakenSlackMs = 5_000;
/** How long the last updates may take beyond one polling interval. */
export const drainSlackMs = 15_000;
export const stillWithinMs = 20_000;
/** How long before its start a phase is announced to the processes. */
const leadMs = 150;

/**
 * Connects all clients, as fast as the servers take them. Rejects if some are not subscribed in time. Resolves with the
 * encoded set-up times per load process, and the milliseconds that it took.
 */
export async function connectAll({ crew, trial: { planned, route }, scheduler: clock }: Underway) {
  const rate = connectPerSecond(route);
  const perSecond = rate / crew.loads.length;
  const underWay = Math.ceil(mostConnecting / crew.loads.length);
  const slackMs = route.proxy?.mistake ? mistakenSlackMs : connectSlackMs;
  const withinMs = (planned.scenario.clients / rate) * 1000 + slackMs;
  const startUs = clock.nowUs();
  const setUp = await Promise.all(crew.loads.map((load) => load.ask('connect', { perSecond, underWay, withinMs })));
  return { setUp, setUpMs: (clock.nowUs() - startUs) / 1000 };
}

/** Plays the scenario faster, before the first window. */
export async function warmUp(underway: Underway): Promise<void> {
  const { crew, trial, scheduler } = underway;
  const { scenario, warmupMs } = trial.planned;
  if (warmupMs === 0) return;
  await holdBack(crew, false);
  await prepare(crew, {
    kind: 'warm-up',
    scenario: warmUpScenario(scenario, warmupMs, trial.link),
    seed: `${trial.seed}/warm-up`,
    durationUs: warmupMs * 1000,
  });
  const emitted = await play(crew, scheduler.nowUs() + leadMs * 1000);
  await drain(underway, emitted);
}

/**
 * Tells every process that the window begins: distributions start over, and heartbeats are placed as after a long run.
 */
export async function begin({ crew, trial: { planned } }: Underway): Promise<void> {
  const { servers, backplane, source, loads } = crew;
  const updateGapMs = 1000 / ratePerSecond(planned.scenario.arrivals);
  await Promise.all([
    ...servers.map((server) => server.ask('begin', { updateGapMs })),
    backplane?.ask('begin'),
    source?.ask('begin'),
    ...relaysOf(crew).map((relay) => relay.ask('begin')),
    ...loads.map((load) => load.ask('begin')),
  ]);
}

/** Stops heartbeats, waits until everything under way has arrived, and reads all counters. Heartbeats stay stopped. */
export async function quietEdge({ crew, trial, host, scheduler, signal }: Underway): Promise<Snapshot> {
  await holdBack(crew, true);
  const patience = { stillMs: stillMsOf(trial), withinMs: stillWithinMs };
  try {
    await untilStill(() => readTraffic(crew, host), patience, scheduler, signal);
  } catch (error) {
    throw new Error(`${reasonOf(error)}${await unexplained(crew)}`);
  }
  return takeSnapshot(crew, host);
}

/** Holds back heartbeats and ends of holds on all servers (`on`), or lets them go on. */
async function holdBack({ servers }: Crew, on: boolean): Promise<void> {
  await Promise.all(servers.map((server) => server.ask('quiet', on)));
}

/** Plays the measured schedule, and samples every process at its start and its end. */
export async function playWindow(underway: Underway) {
  const { crew, trial, host, scheduler, signal } = underway;
  const { scenario, durationMs } = trial.planned;
  await prepare(crew, { kind: 'window', scenario, seed: trial.seed, durationUs: durationMs * 1000 });
  const startUs = scheduler.nowUs() + leadMs * 1000;
  const endUs = startUs + durationMs * 1000;
  const playing = play(crew, startUs);
  // It may reject long before it is awaited; the same error ends the trial.
  playing.catch(() => {});
  await sleepUntil(scheduler, startUs, signal);
  await holdBack(crew, false);
  const idleBefore = servingCoresIdle(crew, host);
  const start = await sampleCrew(crew);
  const watch = host.noise?.watch(signal);
  const left = await throughStorm(underway, startUs);
  await sleepUntil(scheduler, endUs, signal);
  const idleAfter = servingCoresIdle(crew, host);
  const end = await sampleCrew(left.crew);
  const noise = await watch?.end();
  const hostCpuMs = idleBefore && idleAfter ? hostBusyMs(idleBefore, idleAfter, noise) : null;
  return { startUs, endUs, start, end, hostCpuMs, noise, emitted: await playing, ...left };
}

/**
 * When a storm starts, as a share of the window: after a steady state, and early enough for all clients to be back long
 * before the end.
 */
const stormAt = 1 / 3;

type Left = { readonly crew: Crew; readonly storm?: Storm };

/** Waits for the instant of the storm and starts it; returns at once if the trial has none. */
async function throughStorm({ crew, trial, scheduler, signal }: Underway, startUs: number): Promise<Left> {
  if (!trial.storm) return { crew };
  await sleepUntil(scheduler, startUs + stormAt * trial.planned.durationMs * 1000, signal);
  return await letLoose(trial.storm, crew, scheduler);
}

/** Idle time of each core of the serving side. */
type CoresIdle = ReadonlyMap<number, CoreIdle>;

/** Busy milliseconds of all cores of the serving side together, without what the noise watch itself took there. */
function hostBusyMs(before: CoresIdle, after: CoresIdle, noise: Watched | undefined): number {
  const taskMs = (of: number) => noise?.tasks.find(({ core }) => core === of)?.cpuMs ?? 0;
  return [...before].reduce((sum, [core, idle]) => sum + busyMs(idle, after.get(core)!, taskMs(core)), 0);
}

/** Undefined where one of them is not known, or also does the network work of the other side. */
function servingCoresIdle({ servers, proxy }: Crew, host: Host): CoresIdle | undefined {
  const idle = new Map<number, CoreIdle>();
  for (const { core } of [...servers, ...(proxy ? [proxy] : [])]) {
    const read = core === null ? undefined : host.coreIdle(core);
    if (core === null || !read) return undefined;
    idle.set(core, read);
  }
  return idle;
}

async function prepare({ source, loads }: Crew, phase: Phase): Promise<void> {
  await Promise.all([source?.ask('prepare', phase), ...loads.map((load) => load.ask('prepare', phase))]);
}

/** Resolves with the number of updates that the source emitted, once clients have published everything. */
async function play({ source, loads }: Crew, startUs: number): Promise<number> {
  const [emitted] = await Promise.all([
    source?.ask('play', startUs) ?? 0,
    ...loads.map((load) => load.ask('play', startUs)),
  ]);
  return emitted;
}

/**
 * Waits until every client has its channel's newest version. A client without it at the deadline shows up in the ledger.
 * `accepted`: how many updates of the source are accepted by then, since it started.
 */
export async function drain(underway: Underway, accepted: number): Promise<void> {
  const { crew, trial } = underway;
  const heads = await headsAfter(underway, accepted);
  const withinMs = longestPollIntervalMs(trial.planned.scenario) + trial.rttMs + drainSlackMs;
  await Promise.all(crew.loads.map((load) => load.ask('drain', { heads, withinMs })));
}

/**
 * The newest versions once all that the source emitted is accepted, or at the deadline: the last of it may still be on
 * its way.
 */
async function headsAfter({ crew, scheduler, signal }: Underway, accepted: number): Promise<Uint32Array> {
  const deadlineUs = scheduler.nowUs() + drainSlackMs * 1000;
  for (;;) {
    const { heads, acceptedFromSource } = await readOrder(crew);
    if (acceptedFromSource >= accepted || scheduler.nowUs() > deadlineUs) return heads;
    await scheduler.sleep(5, signal);
  }
}

/** Throws if a client is behind: updates from before the window would be charged to it. */
export function assertUpToDate({ clients, server }: Books, { goesOn }: PlannedScenario): void {
  const behind = clients.filter(({ newest, channel }) => (newest ?? 0) !== server.heads[channel]);
  const earlier = goesOn ? 'window before' : 'warm-up';
  if (behind.length > 0) throw new Error(`${behind.length} clients were not up to date after the ${earlier}`);
}
