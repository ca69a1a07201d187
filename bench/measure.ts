import type { LoadFigures } from '../clients/load.ts';
import type { Specimen } from '../clients/specimen.ts';
import { kernelSocketBytes } from '../network/core-time.ts';
import type { IsolatedNetwork } from '../network/isolated.ts';
import type { StartedProxy } from '../network/proxy-main.ts';
import type { AcceptedUpdates } from '../protocol/accepted-updates.ts';
import { type Clock, clockSince, newEpoch } from '../protocol/clock.ts';
import type { ExchangeEvent } from '../protocol/exchange.ts';
import type { ProcessSample } from '../protocol/process-sample.ts';
import { type Crew, relaysOf, sampleCrew } from './crew.ts';
import type { Fleet } from './fleet.ts';
import type { Instruments } from './instruments.ts';
import { noiseBetween, type SpinReading } from './noise-probe.ts';
import { acceptedUpdates, clientsByNode, clientsSeenByServer, serverExchange } from './order.ts';
import type { PlannedTrial } from './plan.ts';
import type { Stage } from './progress.ts';
import type { Snapshot } from './snapshot.ts';
import { assertUpToDate, begin, connectAll, drain, playWindow, quietEdge, warmUp } from './stages.ts';
import { startCrew } from './start-crew.ts';
import { figuresOf, type Readings, type TrialFigures } from './trial-record.ts';

/** Where a trial is measured, and with what. */
export type Surroundings = {
  readonly fleet: Fleet;
  /** Where the fleet's processes are; absent: loopback. */
  readonly network?: IsolatedNetwork;
  readonly directory: string;
  readonly openFiles: number;
  /** Without them the record says nothing about noise and clocks. */
  readonly instruments?: Instruments;
};

/** Who is told how far a trial is. */
export type Watcher = {
  readonly enter: (stage: Stage) => void;
  readonly onProxy: (proxy: StartedProxy) => void;
};

/** Takes a trial through its stages, and adds up what was read at each. Rejects with whatever goes wrong. */
export async function measure(
  trial: PlannedTrial,
  { fleet, directory, openFiles, network, instruments }: Surroundings,
  { enter, onProxy }: Watcher,
): Promise<TrialFigures> {
  const epoch = newEpoch();
  const clock = clockSince(epoch);
  enter('start');
  const crew = await startCrew(fleet, trial, { epoch, directory, openFiles, network, onProxy });
  const idle = await readMemory(crew);
  enter('connect');
  const connected = await connect(crew, trial, clock);
  enter('warm-up');
  const warmedUp = await warmUp(crew, trial, clock);
  enter('quiet');
  const opening = await open(crew, trial, instruments);
  enter('measure');
  const window = await playWindow(crew, trial, clock, instruments);
  enter('drain');
  const closing = await close(window, warmedUp, trial, clock, instruments);
  enter('settle');
  const settled = await settle(window, trial);
  const figures = figuresOf(trial, window.crew, readingsOf({ idle, connected, opening, window, closing, settled }));
  return { ...figures, ...noiseOf(figures, { opening, window, closing }, instruments) };
}

type PlayedWindow = Awaited<ReturnType<typeof playWindow>>;

/** What all processes, and the kernel for all sockets, hold at one instant. */
type Memory = { readonly samples: ReadonlyMap<string, ProcessSample>; readonly kernelBytes: number | null };

async function readMemory(crew: Crew): Promise<Memory> {
  return { samples: await sampleCrew(crew), kernelBytes: kernelSocketBytes() };
}

type Connected = Awaited<ReturnType<typeof connectAll>> & {
  readonly edge: Snapshot;
  readonly clientsByNode: readonly number[] | undefined;
  readonly clientsSeen: readonly number[] | undefined;
  readonly memory: Memory;
};

async function connect(crew: Crew, trial: PlannedTrial, clock: Clock): Promise<Connected> {
  const setUp = await connectAll(crew, trial, clock);
  const edge = await quietEdge(crew, trial);
  const spread = crew.proxy && (await clientsByNode(crew, trial.planned.scenario.clients));
  const clientsSeen = trial.via && crew.servers.length > 1 ? await clientsSeenByServer(crew) : undefined;
  return { ...setUp, edge, clientsByNode: spread, clientsSeen, memory: await readMemory(crew) };
}

/** A quiet edge, and how fast the cores were just outside of the window. */
type Edge = { readonly edge: Snapshot; readonly spun: SpinReading | undefined };

/** The last moment before the window, of which everybody is told. */
async function open(crew: Crew, trial: PlannedTrial, instruments: Instruments | undefined): Promise<Edge> {
  const spun = await instruments?.noise.spin();
  const edge = await quietEdge(crew, trial);
  assertUpToDate(edge.books);
  await begin(crew, trial);
  return { edge, spun };
}

type Closing = Edge & {
  readonly drained: ReadonlyMap<string, ProcessSample>;
  readonly drainMs: number;
};

/** Lets everything arrive that the window, and the warm-up before it, have caused. */
async function close(
  { crew, emitted, endUs }: PlayedWindow,
  warmedUp: number,
  trial: PlannedTrial,
  clock: Clock,
  instruments: Instruments | undefined,
): Promise<Closing> {
  await drain(crew, trial, warmedUp + emitted);
  const drained = await sampleCrew(crew);
  const drainMs = (clock.nowUs() - endUs) / 1000;
  const edge = await quietEdge(crew, trial);
  return { drained, drainMs, edge, spun: await instruments?.noise.spin() };
}

type Settled = {
  readonly updates: AcceptedUpdates;
  readonly specimen: Specimen | undefined;
  readonly figures: readonly LoadFigures[];
  readonly sourceLateness: string | undefined;
  readonly relayLateness: readonly string[];
  readonly serverExchange: readonly ExchangeEvent[];
};

/** What the processes have written down, each for itself. */
async function settle({ crew, startUs, endUs, storm }: PlayedWindow, trial: PlannedTrial): Promise<Settled> {
  const updates = await acceptedUpdates(crew);
  const specimen = trial.repeat === 0 ? await crew.loads[0]!.ask('specimen') : undefined;
  const question = { updates, window: { startUs, endUs }, ...(storm && { stormUs: storm.atUs }) };
  return {
    updates,
    specimen,
    figures: await Promise.all(crew.loads.map((load) => load.ask('settle', question))),
    sourceLateness: await crew.source?.ask('lateness'),
    relayLateness: await Promise.all(relaysOf(crew).map((relay) => relay.ask('lateness'))),
    serverExchange: await serverExchange(crew),
  };
}

type Stages = {
  readonly idle: Memory;
  readonly connected: Connected;
  readonly opening: Edge;
  readonly window: PlayedWindow;
  readonly closing: Closing;
  readonly settled: Settled;
};

function readingsOf({ idle, connected, opening, window, closing, settled }: Stages): Readings {
  const { startUs, endUs, start, end, emitted, hostCpuMs, storm } = window;
  const { memory, setUp, setUpMs } = connected;
  return {
    ...settled,
    samples: { idle: idle.samples, connected: memory.samples, start, end, drained: closing.drained },
    snapshots: { connected: connected.edge, before: opening.edge, after: closing.edge },
    setUp,
    setUpMs,
    clientsByNode: connected.clientsByNode,
    clientsSeen: connected.clientsSeen,
    kernelSocketBytes: { idle: idle.kernelBytes, connected: memory.kernelBytes },
    window: { startUs, endUs },
    emitted,
    hostCpuMs,
    storm,
    drainMs: closing.drainMs,
  };
}

/** Nothing where nobody watched the machine. */
function noiseOf(
  { processes }: TrialFigures,
  { opening, window: { noise }, closing }: Pick<Stages, 'opening' | 'window' | 'closing'>,
  instruments: Instruments | undefined,
): Pick<TrialFigures, 'noise' | 'clockUncertaintyUs'> {
  if (!instruments || !noise || !opening.spun || !closing.spun) return {};
  const trialMs = processes.reduce((sum, { cpuWindowMs }) => sum + cpuWindowMs, 0);
  return {
    noise: noiseBetween(noise, trialMs, [opening.spun, closing.spun]),
    clockUncertaintyUs: instruments.clockUncertaintyUs,
  };
}
