import { setTimeout as sleep } from 'node:timers/promises';
import { kernelSocketBytes } from '../network/core-time.ts';
import type { IsolatedNetwork } from '../network/isolated.ts';
import { isolatedPath, loopbackPath, type Path, viaPath } from '../network/path.ts';
import type { StartedProxy } from '../network/proxy-main.ts';
import { isDirect, type Route, routeName } from '../network/route.ts';
import { clockSince, newEpoch } from '../protocol/clock.ts';
import { type FailedTrial, schemaVersion, type TrialRecord } from '../results/schema.ts';
import { longestPollIntervalMs } from '../scenarios/scenario.ts';
import { connectPerSecond } from './connect-rate.ts';
import { relaysOf, sampleCrew, startCrew } from './crew.ts';
import { reasonOf, withSymptom } from './failure.ts';
import type { Fleet } from './fleet.ts';
import type { Instruments } from './instruments.ts';
import { noiseBetween } from './noise-probe.ts';
import { acceptedUpdates, clientsByNode, clientsSeenByServer, serverExchange } from './order.ts';
import type { PlannedTrial } from './plan.ts';
import type { Stage } from './progress.ts';
import { publishBacklogMs } from './publish-backlog.ts';
import {
  assertUpToDate,
  begin,
  connectAll,
  connectSlackMs,
  drain,
  drainSlackMs,
  playWindow,
  quietEdge,
  stillWithinMs,
  warmUp,
} from './stages.ts';
import { figuresOf, type Readings, type TrialFigures } from './trial-record.ts';

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
  const clientsSeen = trial.via && crew.servers.length > 1 ? await clientsSeenByServer(crew) : undefined;
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
    clientsSeen,
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
