import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from '../clients/phase.ts';
import { busyMs, type CoreIdle, readCoreIdle } from '../network/core-time.ts';
import type { Clock } from '../protocol/clock.ts';
import { longestPollIntervalMs, ratePerSecond } from '../scenarios/scenario.ts';
import { connectPerSecond } from './connect-rate.ts';
import { type Crew, relaysOf, sampleCrew } from './crew.ts';
import { reasonOf, unexplained } from './failure.ts';
import type { Instruments } from './instruments.ts';
import type { Books } from './ledger.ts';
import type { Watched } from './noise-probe.ts';
import { readOrder } from './order.ts';
import type { PlannedTrial } from './plan.ts';
import { stillMsOf, untilStill } from './quiet-edge.ts';
import { readTraffic, type Snapshot, takeSnapshot } from './snapshot.ts';
import { letLoose, type Storm } from './storm.ts';
import { warmUpScenario } from './warm-up.ts';

export const connectSlackMs = 30_000;
/** A mistake that keeps clients out shows at once, and would be waited for in every trial. */
const mistakenSlackMs = 5_000;
/** What the last updates may take beyond one polling interval. */
export const drainSlackMs = 15_000;
export const stillWithinMs = 20_000;
/** Between telling everyone the start and the start. */
const leadMs = 150;

/** All clients, at the rate that the path allows. Rejects when some are not subscribed in time. */
export async function connectAll(crew: Crew, { planned, route }: PlannedTrial, clock: Clock) {
  const rate = connectPerSecond(route);
  const perSecond = rate / crew.loads.length;
  const slackMs = route.proxy?.mistake ? mistakenSlackMs : connectSlackMs;
  const withinMs = (planned.scenario.clients / rate) * 1000 + slackMs;
  const startUs = clock.nowUs();
  const setUp = await Promise.all(crew.loads.map((load) => load.ask('connect', { perSecond, withinMs })));
  return { setUp, setUpMs: (clock.nowUs() - startUs) / 1000 };
}

/** Returns how many updates the source has emitted for it. */
export async function warmUp(crew: Crew, trial: PlannedTrial, clock: Clock): Promise<number> {
  const { scenario, warmupMs } = trial.planned;
  if (warmupMs === 0) return 0;
  await holdBack(crew, false);
  await prepare(crew, {
    scenario: warmUpScenario(scenario, warmupMs, trial.link),
    seed: `${trial.seed}/warm-up`,
    durationUs: warmupMs * 1000,
  });
  const emitted = await play(crew, clock.nowUs() + leadMs * 1000);
  await drain(crew, trial, emitted);
  return emitted;
}

/** What came before is forgotten; heartbeats stand where a long run of this scenario would have them. */
export async function begin(crew: Crew, { planned }: PlannedTrial): Promise<void> {
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

/** Nothing begins, everything under way arrives, then all counters are read. Heartbeats stay held back. */
export async function quietEdge(crew: Crew, trial: PlannedTrial): Promise<Snapshot> {
  await holdBack(crew, true);
  try {
    await untilStill(() => readTraffic(crew), stillMsOf(trial), stillWithinMs);
  } catch (error) {
    throw new Error(`${reasonOf(error)}${await unexplained(crew)}`);
  }
  return takeSnapshot(crew);
}

/** Heartbeats and ends of holds of all servers, or lets them go. */
async function holdBack({ servers }: Crew, on: boolean): Promise<void> {
  await Promise.all(servers.map((server) => server.ask('quiet', on)));
}

/** The measured schedule, and what every process had used at its start and its end. */
export async function playWindow(crew: Crew, trial: PlannedTrial, clock: Clock, instruments: Instruments | undefined) {
  const { scenario, durationMs } = trial.planned;
  await prepare(crew, { scenario, seed: trial.seed, durationUs: durationMs * 1000 });
  const startUs = clock.nowUs() + leadMs * 1000;
  const endUs = startUs + durationMs * 1000;
  const playing = play(crew, startUs);
  // Rejected before it is awaited when a process is lost: the race in `runTrial` reports it.
  playing.catch(() => {});
  await sleepUntil(clock, startUs);
  await holdBack(crew, false);
  const idleBefore = serverCoreIdle(crew);
  const start = await sampleCrew(crew);
  const endWatch = instruments?.noise.watch();
  try {
    const left = await throughStorm(crew, trial, clock, startUs);
    await sleepUntil(clock, endUs);
    const idleAfter = serverCoreIdle(crew);
    const end = await sampleCrew(left.crew);
    const noise = await endWatch?.();
    const hostCpuMs = idleBefore && idleAfter ? busyMs(idleBefore, idleAfter, taskMs(crew, noise)) : null;
    return { startUs, endUs, start, end, hostCpuMs, noise, emitted: await playing, ...left };
  } finally {
    instruments?.noise.stop();
  }
}

/** Late enough that all runs as it does, early enough that everyone is back long before the end. */
const stormAt = 1 / 3;

type Left = { readonly crew: Crew; readonly storm?: Storm };

/** Returns who is left, at once where nothing is to happen. */
async function throughStorm(crew: Crew, trial: PlannedTrial, clock: Clock, startUs: number): Promise<Left> {
  if (!trial.storm) return { crew };
  await sleepUntil(clock, startUs + stormAt * trial.planned.durationMs * 1000);
  return await letLoose(trial.storm, crew, clock);
}

/** What watching has added to the time of the server's core. */
function taskMs({ servers }: Crew, noise: Watched | undefined): number {
  return noise?.tasks.find(({ core }) => core === servers[0]!.core)?.cpuMs ?? 0;
}

/** Only where the core's time is the server host's and nobody else's. */
function serverCoreIdle({ servers, network }: Crew): CoreIdle | undefined {
  const { core } = servers[0]!;
  return network?.attributed && core !== null ? readCoreIdle(core) : undefined;
}

async function prepare({ source, loads }: Crew, phase: Phase): Promise<void> {
  await Promise.all([source?.ask('prepare', phase), ...loads.map((load) => load.ask('prepare', phase))]);
}

/** Resolves with the number of updates that the source emitted, when clients have published what they had to. */
async function play({ source, loads }: Crew, startUs: number): Promise<number> {
  const [emitted] = await Promise.all([
    source?.ask('play', startUs) ?? 0,
    ...loads.map((load) => load.ask('play', startUs)),
  ]);
  return emitted;
}

/** Until every client has its channel's newest version; who has not by the deadline shows up in the ledger. */
export async function drain(crew: Crew, trial: PlannedTrial, emitted: number): Promise<void> {
  const heads = await headsAfter(crew, emitted);
  const withinMs = longestPollIntervalMs(trial.planned.scenario) + trial.rttMs + drainSlackMs;
  await Promise.all(crew.loads.map((load) => load.ask('drain', { heads, withinMs })));
}

/** The newest versions once the server has taken what the source emitted: the last of it may still be on its way. */
async function headsAfter(crew: Crew, emitted: number): Promise<Uint32Array> {
  const deadline = performance.now() + drainSlackMs;
  for (;;) {
    const { heads, acceptedFromSource } = await readOrder(crew);
    if (acceptedFromSource >= emitted || performance.now() > deadline) return heads;
    await sleep(5);
  }
}

/** A window that begins with a client behind would blame it for what came before. */
export function assertUpToDate({ clients, server }: Books): void {
  const behind = clients.filter(({ newest, channel }) => (newest ?? 0) !== server.heads[channel]);
  if (behind.length > 0) throw new Error(`${behind.length} clients were not up to date after the warm-up`);
}

async function sleepUntil(clock: Clock, atUs: number): Promise<void> {
  await sleep(Math.max(0, (atUs - clock.nowUs()) / 1000));
}
