import type { ClientWork } from '../../clients/load/client-work.ts';
import type { ClosedLoop } from '../../clients/load/closed-loop.ts';
import type { LoadFigures } from '../../clients/load/load.ts';
import type { Specimen } from '../../clients/load/specimen.ts';
import type { SpinReading } from '../../machine/host/noise-probe.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import type { Scheduler } from '../../machine/process/scheduler.ts';
import { unlessAborted } from '../../machine/process/unless-aborted.ts';
import type { StartedProxy } from '../../network/proxy/proxy-main.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { type Crew, relaysOf, sampleCrew } from '../fleet/crew.ts';
import type { Host } from '../fleet/host.ts';
import type { Surroundings } from '../fleet/site.ts';
import { startCrew } from '../fleet/start-crew.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { type ProcessGaps, readGaps, readLateUpdates } from '../readings/gaps.ts';
import { acceptedUpdates, clientsByNode, clientsSeenByServer, serverExchange } from '../readings/order.ts';
import type { Snapshot } from '../readings/snapshot.ts';
import { noiseBetween } from '../record/noise-record.ts';
import { disturbancesOf } from '../record/stall-record.ts';
import { figuresOf, type Readings, type TrialFigures } from '../record/trial-record.ts';
import type { Stage } from './progress.ts';
import { assertUpToDate, begin, connectAll, drain, playWindow, quietEdge, type Underway, warmUp } from './stages.ts';

/** Callbacks for the progress of a trial. */
export type Watcher = {
  readonly enter: (stage: Stage) => void;
  readonly onProxy: (proxy: StartedProxy) => void;
};

/** What a trial is measured with. Its fleet rejects everything once the signal is aborted. */
export type MeasuredWith = Omit<Surroundings, 'startScheduler'> & {
  readonly scheduler: Scheduler;
  readonly signal: AbortSignal;
};

/** The trials that the same processes play: what follows a trial is asked for when its figures have been taken. */
export type Course = {
  readonly head: PlannedTrial;
  /** `undefined` after the last. */
  readonly after: (trial: PlannedTrial) => PlannedTrial | undefined;
  /** Whether it is known to be the last before it is measured. */
  readonly isLast: (trial: PlannedTrial) => boolean;
};

/**
 * Starts the processes of the first trial, connects and warms up, and takes one trial after the other through its window.
 * Gives the figures of each before the next window opens. Rejects with the first error.
 */
export async function* measure(
  { head, after, isLast }: Course,
  surroundings: MeasuredWith,
  { enter, onProxy }: Watcher,
): AsyncGenerator<TrialFigures, void> {
  const { host, scheduler, signal } = surroundings;
  enter('start');
  const crew = await startCrew(head, { ...surroundings, onProxy });
  const underway: Underway = { trial: head, crew, host, scheduler, signal };
  const idle = await readMemory(underway);
  enter('connect');
  const connected = await connect(underway);
  enter('warm-up');
  await warmUp(underway);
  let playedMs = head.planned.warmupMs;
  for (let trial: PlannedTrial | undefined = head; trial !== undefined; trial = after(trial)) {
    const before = { idle, connected, playedMs, isLast: isLast(trial) };
    yield await measureWindow({ ...underway, trial }, before, enter);
    playedMs += trial.planned.durationMs;
  }
}

/** What was before a window. */
type Before = {
  readonly idle: Memory;
  readonly connected: Connected;
  /** Warm-up and earlier windows together. */
  readonly playedMs: number;
  /** Whether no other window follows. */
  readonly isLast: boolean;
};

async function measureWindow(underway: Underway, before: Before, enter: Watcher['enter']): Promise<TrialFigures> {
  const { trial, host } = underway;
  enter('quiet');
  const opening = await open(underway);
  enter('measure');
  const window = await playWindow(underway);
  enter('drain');
  // A storm may have killed a server.
  const after = { ...underway, crew: window.crew };
  const closing = await close(after, opening, window);
  enter('settle');
  const settled = await settle(after, window, closing.gaps);
  const probed = before.isLast ? await probe(after) : {};
  const figures = figuresOf(trial, window.crew, readingsOf({ before, opening, window, closing, settled, probed }));
  return { ...figures, ...noiseOf(figures, { opening, window, closing }, host) };
}

type PlayedWindow = Awaited<ReturnType<typeof playWindow>>;

/** Resource use of all processes and of the kernel at one instant. */
type Memory = {
  readonly samples: ReadonlyMap<string, ProcessSample>;
  readonly socketBytes: number | null;
  readonly slabBytes: number | null;
};

async function readMemory({ crew, host }: Underway): Promise<Memory> {
  const samples = await sampleCrew(crew);
  return { samples, socketBytes: host.kernelSocketBytes(), slabBytes: host.kernelSlabBytes() };
}

type Connected = Awaited<ReturnType<typeof connectAll>> & {
  readonly edge: Snapshot;
  readonly clientsByNode: readonly number[] | undefined;
  readonly clientsSeen: readonly number[] | undefined;
  readonly memory: Memory;
};

async function connect(underway: Underway): Promise<Connected> {
  const { crew, trial } = underway;
  const setUp = await connectAll(underway);
  const edge = await quietEdge(underway);
  const spread = crew.proxy && (await clientsByNode(crew, trial.planned.scenario.clients));
  const clientsSeen = trial.via && crew.servers.length > 1 ? await clientsSeenByServer(crew) : undefined;
  return { ...setUp, edge, clientsByNode: spread, clientsSeen, memory: await readMemory(underway) };
}

/** A quiet edge, and how fast the cores were just outside the window. */
type Edge = { readonly edge: Snapshot; readonly spun: SpinReading | undefined };

/** Takes the last quiet edge before the window, and tells every process that the window begins. */
async function open(underway: Underway): Promise<Edge> {
  const spun = await spin(underway);
  const edge = await quietEdge(underway);
  assertUpToDate(edge.books, underway.trial.planned);
  await begin(underway);
  return { edge, spun };
}

async function spin({ host: { noise }, signal }: Underway): Promise<SpinReading | undefined> {
  return noise && (await unlessAborted(noise.spin(), signal));
}

type Closing = Edge & {
  readonly drained: ReadonlyMap<string, ProcessSample>;
  readonly drainMs: number;
  readonly gaps: readonly ProcessGaps[];
};

/** Waits until every update has arrived. */
async function close(underway: Underway, opening: Edge, { emitted, endUs }: PlayedWindow): Promise<Closing> {
  await drain(underway, opening.edge.books.server.acceptedFromSource + emitted);
  const drained = await sampleCrew(underway.crew);
  const drainMs = (underway.scheduler.nowUs() - endUs) / 1000;
  const gaps = await readGaps(underway.crew);
  const edge = await quietEdge(underway);
  return { drained, drainMs, gaps, edge, spun: await spin(underway) };
}

type Settled = {
  readonly updates: AcceptedUpdates;
  readonly stalls: Readings['stalls'];
  readonly figures: readonly LoadFigures[];
  readonly sourceLateness: string | undefined;
  readonly relayLateness: readonly string[];
  readonly serverExchange: readonly ExchangeEvent[];
};

/** Collects what each process has recorded. */
async function settle(
  { crew }: Underway,
  { startUs, endUs, storm }: PlayedWindow,
  gaps: readonly ProcessGaps[],
): Promise<Settled> {
  const updates = await acceptedUpdates(crew);
  const question = { updates, window: { startUs, endUs }, ...(storm && { stormUs: storm.atUs }) };
  const figures = await Promise.all(crew.loads.map((load) => load.ask('settle', question)));
  return {
    updates,
    figures,
    stalls: await settleStalls(crew, updates, figures, gaps),
    sourceLateness: await crew.source?.ask('lateness'),
    relayLateness: await Promise.all(relaysOf(crew).map((relay) => relay.ask('lateness'))),
    serverExchange: await serverExchange(crew),
  };
}

type Probed = {
  readonly specimen?: Specimen | undefined;
  readonly clientWork?: ClientWork | undefined;
  readonly closedLoop?: ProbedLoop | undefined;
};

type ProbedLoop = ClosedLoop & { readonly serverCpuMs: number };

/**
 * What is tried out with clients of its own: in the first repeat, once everything else of these processes has been
 * measured. Where windows follow each other, it is in the record of the last.
 */
async function probe({ crew, trial }: Underway): Promise<Probed> {
  const load = crew.loads[0]!;
  if (trial.closedLoop) return { closedLoop: await probeClosedLoop(crew, load) };
  if (trial.repeat > 0) return {};
  return { specimen: await load.ask('specimen'), clientWork: await load.ask('clientWork') };
}

async function probeClosedLoop(crew: Crew, load: Crew['loads'][number]): Promise<ProbedLoop | undefined> {
  const cpuMs = (samples: ReadonlyMap<string, ProcessSample>) =>
    crew.servers.reduce((sum, { name }) => sum + samples.get(name)!.cpuUs / 1000, 0);
  const before = await sampleCrew(crew);
  const found = await load.ask('closedLoop');
  const after = await sampleCrew(crew);
  return found && { ...found, serverCpuMs: cpuMs(after) - cpuMs(before) };
}

/** Collects what the instrument did to deliveries, and the latencies of those that it did nothing to. */
async function settleStalls(
  crew: Crew,
  updates: AcceptedUpdates,
  figures: readonly LoadFigures[],
  gaps: readonly ProcessGaps[],
): Promise<Readings['stalls']> {
  const late = await readLateUpdates(crew);
  const deliveries = figures.map(({ delivery }) => delivery);
  const disturbances = disturbancesOf({ gaps, late }, updates, deliveries);
  const undisturbed = await Promise.all(crew.loads.map((load) => load.ask('undisturbed', { updates, disturbances })));
  return { gaps, disturbances, undisturbed };
}

type Stages = {
  readonly before: Before;
  readonly opening: Edge;
  readonly window: PlayedWindow;
  readonly closing: Closing;
  readonly settled: Settled;
  readonly probed: Probed;
};

function readingsOf({ before, opening, window, closing, settled, probed }: Stages): Readings {
  const { idle, connected, playedMs } = before;
  const { startUs, endUs, start, end, emitted, hostCpuMs, storm } = window;
  const { memory, setUp, setUpMs } = connected;
  return {
    ...settled,
    specimen: probed.specimen,
    clientWork: probed.clientWork,
    closedLoop: probed.closedLoop,
    playedMs,
    samples: { idle: idle.samples, connected: memory.samples, start, end, drained: closing.drained },
    snapshots: { connected: connected.edge, before: opening.edge, after: closing.edge },
    setUp,
    setUpMs,
    clientsByNode: connected.clientsByNode,
    clientsSeen: connected.clientsSeen,
    kernelSocketBytes: { idle: idle.socketBytes, connected: memory.socketBytes },
    kernelSlabBytes: { idle: idle.slabBytes, connected: memory.slabBytes },
    window: { startUs, endUs },
    emitted,
    hostCpuMs,
    storm,
    drainMs: closing.drainMs,
  };
}

/** Empty if the machine was not watched. */
function noiseOf(
  { processes }: TrialFigures,
  { opening, window: { noise }, closing }: Pick<Stages, 'opening' | 'window' | 'closing'>,
  { clockUncertaintyUs }: Host,
): Pick<TrialFigures, 'noise' | 'clockUncertaintyUs'> {
  if (!noise || !opening.spun || !closing.spun) return {};
  const trialMs = processes.reduce((sum, { cpuWindowMs }) => sum + cpuWindowMs, 0);
  return {
    noise: noiseBetween(noise, trialMs, [opening.spun, closing.spun]),
    clockUncertaintyUs,
  };
}
