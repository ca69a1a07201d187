import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from '../clients/phase.ts';
import { busyMs, type CoreIdle, kernelSocketBytes, readCoreIdle } from '../network/core-time.ts';
import type { IsolatedNetwork } from '../network/isolated.ts';
import { isolatedPath, loopbackPath, type Path, viaPath } from '../network/path.ts';
import type { StartedProxy } from '../network/proxy-main.ts';
import { isDirect, type Route, routeName } from '../network/route.ts';
import { type Clock, clockSince, newEpoch } from '../protocol/clock.ts';
import { type FailedTrial, schemaVersion, type TrialRecord } from '../results/schema.ts';
import { longestPollIntervalMs, ratePerSecond } from '../scenarios/scenario.ts';
import { connectPerSecond } from './connect-rate.ts';
import { type Crew, relaysOf, sampleCrew, startCrew } from './crew.ts';
import { reasonOf, unexplained, withSymptom } from './failure.ts';
import type { Fleet } from './fleet.ts';
import type { Instruments } from './instruments.ts';
import type { Books } from './ledger.ts';
import { noiseBetween } from './noise-probe.ts';
import { acceptedUpdates, clientsByNode, readOrder, serverExchange } from './order.ts';
import type { PlannedTrial } from './plan.ts';
import type { Stage } from './progress.ts';
import { publishBacklogMs } from './publish-backlog.ts';
import { stillMsOf, untilStill } from './quiet-edge.ts';
import { readTraffic, type Snapshot, takeSnapshot } from './snapshot.ts';
import { letLoose, type Storm } from './storm.ts';
import { figuresOf, type Readings, type TrialFigures } from './trial-record.ts';
import { warmUpScenario } from './warm-up.ts';

export type TrialSurroundings = {
  readonly fleet: Fleet;
  /** Where the fleet's processes are; absent: loopback. */
  readonly network?: IsolatedNetwork;
  readonly directory: string;
  readonly openFiles: number;
  readonly onStage: (stage: Stage) => void;
  /** Without them the record says nothing about noise and clocks. */
  readonly instruments?: Instruments;
};

const connectSlackMs = 30_000;
/** A mistake that keeps clients out shows at once, and would be waited for in every trial. */
const mistakenSlackMs = 5_000;
/** What the last updates may take beyond one polling interval. */
const drainSlackMs = 15_000;
const stillWithinMs = 20_000;
/** Between telling everyone the start and the start. */
const leadMs = 150;

/**
 * Runs one trial with fresh processes and ends them. What goes wrong becomes a failed record with the stage and the
 * reason; it never rejects. A caller that interrupts stops the fleet and drops the record.
 */
export async function runTrial(trial: PlannedTrial, surroundings: TrialSurroundings): Promise<TrialRecord> {
  const { fleet, network, onStage } = surroundings;
  const head = headOf(trial, pathOf(trial, network));
  const giveUp = new AbortController();
  let stage: Stage = 'start';
  const enter = (next: Stage) => {
    stage = next;
    onStage(next);
  };
  let proxyConfiguration: string | undefined;
  const onProxy = ({ configuration }: StartedProxy) => {
    if (trial.repeat === 0) proxyConfiguration = configuration;
  };
  try {
    const figures = await Promise.race([
      measure(trial, surroundings, { enter, onProxy }),
      fleet.lost,
      tooLong(trial, giveUp.signal),
    ]);
    return { ...head, status: 'completed', ...figures };
  } catch (error) {
    const reason = withSymptom(reasonOf(error), trial.route);
    return {
      ...head,
      status: 'failed',
      stage,
      reason,
      ...(proxyConfiguration !== undefined && { proxyConfiguration }),
    };
  } finally {
    giveUp.abort();
    await fleet.stop();
  }
}

/** The record of a trial whose network could not be made. */
export function failedNetwork(trial: PlannedTrial, error: unknown): TrialRecord {
  const path = isolatedPath(trial.link, 'none', 'cubic', []);
  return { ...headOf(trial, path), status: 'failed', stage: 'start', reason: reasonOf(error) };
}

function pathOf({ via, rttMs }: PlannedTrial, network: IsolatedNetwork | undefined): Path {
  return via ? viaPath(via.url) : (network?.path ?? loopbackPath(rttMs));
}

function headOf(trial: PlannedTrial, path: Path): Omit<FailedTrial, 'status' | 'stage' | 'reason'> {
  return {
    schemaVersion,
    block: trial.block,
    position: trial.position,
    scenario: trial.planned.scenario.name,
    transport: trial.transport,
    ...(trial.arm && { arm: trial.arm }),
    path: {
      ...path,
      caveats: [...path.caveats],
      ...routed(trial.route),
      ...(trial.linkName && { link: trial.linkName }),
    },
    seed: trial.seed,
    startedAt: new Date().toISOString(),
  };
}

function routed(route: Route): Pick<FailedTrial['path'], 'route'> {
  return isDirect(route) ? {} : { route: { name: routeName(route), ...route } };
}

/** Rejects when a trial takes far longer than it can: a process that hangs is not lost and says nothing. */
async function tooLong({ planned, route, rttMs }: PlannedTrial, signal: AbortSignal): Promise<never> {
  const { scenario, warmupMs, durationMs } = planned;
  const connectMs = (scenario.clients / connectPerSecond(route)) * 1000 + connectSlackMs;
  const backlogMs = publishBacklogMs(scenario, rttMs, warmupMs + durationMs) + warmupMs;
  const drainsMs = 2 * (longestPollIntervalMs(scenario) + rttMs + 2 * drainSlackMs) + backlogMs;
  const limitMs = connectMs + warmupMs + durationMs + drainsMs + 3 * stillWithinMs;
  await sleep(limitMs, undefined, { signal });
  throw new Error(`no end after ${Math.round(limitMs / 1000)} s: a process hangs`);
}

async function measure(
  trial: PlannedTrial,
  { fleet, directory, openFiles, network, instruments }: TrialSurroundings,
  { enter, onProxy }: { readonly enter: (stage: Stage) => void; readonly onProxy: (proxy: StartedProxy) => void },
): Promise<TrialFigures> {
  const epoch = newEpoch();
  const clock = clockSince(epoch);
  enter('start');
  let crew = await startCrew(fleet, trial, { epoch, directory, openFiles, network, onProxy });
  const idle = await sampleCrew(crew);
  const kernelIdle = kernelSocketBytes();

  enter('connect');
  const { setUp, setUpMs } = await connectAll(crew, trial, clock);
  const connected = await quietEdge(crew, trial);
  const spread = crew.proxy && (await clientsByNode(crew, trial.planned.scenario.clients));
  const connectedSample = await sampleCrew(crew);
  const kernelConnected = kernelSocketBytes();

  enter('warm-up');
  const warmedUp = await warmUp(crew, trial, clock);

  enter('quiet');
  const spunBefore = await instruments?.noise.spin();
  const before = await quietEdge(crew, trial);
  assertUpToDate(before.books);
  await begin(crew, trial);

  enter('measure');
  const window = await playWindow(crew, trial, clock, instruments);
  crew = window.crew;

  enter('drain');
  await drain(crew, trial, warmedUp + window.emitted);
  const drained = await sampleCrew(crew);
  const drainMs = (clock.nowUs() - window.endUs) / 1000;
  const after = await quietEdge(crew, trial);
  const spunAfter = await instruments?.noise.spin();

  enter('settle');
  const updates = await acceptedUpdates(crew);
  const specimen = trial.repeat === 0 ? await crew.loads[0]!.ask('specimen') : undefined;
  const figures = await Promise.all(
    crew.loads.map((load) =>
      load.ask('settle', {
        updates,
        window: { startUs: window.startUs, endUs: window.endUs },
        ...(window.storm && { stormUs: window.storm.atUs }),
      }),
    ),
  );
  const readings: Readings = {
    samples: { idle, connected: connectedSample, start: window.start, end: window.end, drained },
    snapshots: { connected, before, after },
    setUp,
    setUpMs,
    drainMs,
    emitted: window.emitted,
    sourceLateness: await crew.source?.ask('lateness'),
    relayLateness: await Promise.all(relaysOf(crew).map((relay) => relay.ask('lateness'))),
    window: { startUs: window.startUs, endUs: window.endUs },
    hostCpuMs: window.hostCpuMs,
    kernelSocketBytes: { idle: kernelIdle, connected: kernelConnected },
    updates,
    serverExchange: await serverExchange(crew),
    clientsByNode: spread,
    storm: window.storm,
    specimen,
    figures,
  };
  const recorded = figuresOf(trial, crew, readings);
  if (!instruments || !window.noise || !spunBefore || !spunAfter) return recorded;
  const trialMs = recorded.processes.reduce((sum, { cpuWindowMs }) => sum + cpuWindowMs, 0);
  const noise = noiseBetween(window.noise.start, window.noise.end, trialMs, [spunBefore, spunAfter]);
  return { ...recorded, noise, clockUncertaintyUs: instruments.clockUncertaintyUs };
}

async function connectAll(crew: Crew, { planned, route }: PlannedTrial, clock: Clock) {
  const rate = connectPerSecond(route);
  const perSecond = rate / crew.loads.length;
  const slackMs = route.proxy?.mistake ? mistakenSlackMs : connectSlackMs;
  const withinMs = (planned.scenario.clients / rate) * 1000 + slackMs;
  const startUs = clock.nowUs();
  const setUp = await Promise.all(crew.loads.map((load) => load.ask('connect', { perSecond, withinMs })));
  return { setUp, setUpMs: (clock.nowUs() - startUs) / 1000 };
}

/** Returns how many updates the source has emitted for it. */
async function warmUp(crew: Crew, trial: PlannedTrial, clock: Clock): Promise<number> {
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
async function begin(crew: Crew, { planned }: PlannedTrial): Promise<void> {
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
async function quietEdge(crew: Crew, trial: PlannedTrial): Promise<Snapshot> {
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

async function playWindow(crew: Crew, trial: PlannedTrial, clock: Clock, instruments: Instruments | undefined) {
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
  const noiseStart = instruments?.noise.read();
  const left = await throughStorm(crew, trial, clock, startUs);
  await sleepUntil(clock, endUs);
  const idleAfter = serverCoreIdle(crew);
  const end = await sampleCrew(left.crew);
  const hostCpuMs = idleBefore && idleAfter ? busyMs(idleBefore, idleAfter) : null;
  const noiseEnd = instruments?.noise.read();
  const noise = noiseStart && noiseEnd && { start: noiseStart, end: noiseEnd };
  return { startUs, endUs, start, end, hostCpuMs, noise, emitted: await playing, ...left };
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
async function drain(crew: Crew, trial: PlannedTrial, emitted: number): Promise<void> {
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
function assertUpToDate({ clients, server }: Books): void {
  const behind = clients.filter(({ newest, channel }) => (newest ?? 0) !== server.heads[channel]);
  if (behind.length > 0) throw new Error(`${behind.length} clients were not up to date after the warm-up`);
}

async function sleepUntil(clock: Clock, atUs: number): Promise<void> {
  await sleep(Math.max(0, (atUs - clock.nowUs()) / 1000));
}
