import { logAverage, median } from 'simple-statistics';
import { type Transport, transports } from '../../../protocol/transport.ts';
import {
  type Calibration,
  type CostModel,
  calibrationVersion,
  type LineModel,
  type PathCalibration,
  type TransportCalibration,
} from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial, Run } from '../../../results/schema/schema.ts';
import { isSameScenario, scenarioAt, scenarioKey } from '../../../scenarios/point.ts';
import { type Measured, pollsOf, seconds, socketBytes, sum, windowBytes, withRoles } from '../../figures/figure.ts';
import { routeNamed, routeNames, routeOf } from '../../figures/run-routes.ts';
import { taskCpuUs } from '../../validity/server-pace.ts';
import { isValidTrial } from '../../validity/validity.ts';
import { fanOutMs, type Sender } from '../freshness/fan-out.ts';
import { expectationOf } from '../freshness/transport-model.ts';
import { headsOf } from '../traffic/heads.ts';
import { sendMs } from './cost.ts';
import { fitCost, type Observation } from './cost-fit.ts';
import { fitLine } from './line.ts';
import { timesOfPace } from './pace.ts';
import { connectionsOf, type Load, shareOf } from './work.ts';

/** A run that cannot serve as a calibration; the message says what it lacks. */
export class NoCalibration extends Error {
  override readonly name = 'NoCalibration';
}

/**
 * What a run tells about the costs of this code on that machine: fitted for each path and transport. Throws
 * `NoCalibration` if it determines nothing.
 */
export function calibrationOf(run: Run): Calibration {
  const { record } = run;
  const paths = routeNames(record).flatMap((name) => pathCalibration(run, name) ?? []);
  if (paths.length === 0) throw new NoCalibration('has too few different workloads; pvw calibrate measures enough');
  return {
    calibrationVersion,
    version: record.version,
    measuredAt: record.startedAt,
    environment: record.environment,
    paths,
  };
}

function pathCalibration(run: Run, name: string): PathCalibration | undefined {
  return calibrationOfPath(measuredOn(run, name), run.record.plan.network, routeNamed(run.record, name));
}

/** What trials over one path tell about its costs; `undefined` if they determine nothing. */
export function calibrationOfPath(
  seen: readonly Measured[],
  network: PathCalibration['network'],
  route?: PathCalibration['route'],
): PathCalibration | undefined {
  const paceUs = paceTogether(seen);
  const fitted = transports.flatMap((transport) => {
    const of = seen.filter(({ trial }) => trial.transport === transport);
    const calibration = transportCalibration(transport, of, paceUs);
    return calibration ? [[transport, calibration] as const] : [];
  });
  if (fitted.length === 0) return undefined;
  const heads = headsOf(seen);
  return {
    ...(route && { route }),
    rttsMs: [...new Set(seen.map(({ trial }) => trial.path.rttMs))].sort((a, b) => a - b),
    network,
    ...(paceUs !== undefined && { taskCpuUs: paceUs }),
    ...(heads && { heads }),
    transports: Object.fromEntries(fitted),
  };
}

/** The valid trials on a path, each with its scenario. */
function measuredOn({ record, trials }: Run, name: string): readonly Measured[] {
  return trials.flatMap((trial) => {
    if (trial.status !== 'completed' || routeOf(trial) !== name || !isValidTrial(trial)) return [];
    const planned = record.plan.scenarios.find((each) => isSameScenario(trial, scenarioAt(each)));
    return planned ? [{ trial, scenario: planned.scenario }] : [];
  });
}

const fewestGroups = 3;
/** Beyond it a run is too unlike a calibration to tell its costs apart: groups that were left out are missed by more. */
const mostScatter = 0.5;

/** Of trials together: the pace that their costs are given at; `undefined` if none has one. */
export function paceTogether(seen: readonly Measured[]): number | undefined {
  const known = seen.flatMap(({ trial }) => taskCpuUs(trial) ?? []);
  return known.length === 0 ? undefined : logAverage(known);
}

function transportCalibration(
  transport: Transport,
  seen: readonly Measured[],
  paceUs: number | undefined,
): TransportCalibration | undefined {
  const server = seen.map((measured) => observation(measured, 'server', paceUs));
  if (new Set(server.map(({ group }) => group)).size < fewestGroups) return undefined;
  if (new Set(seen.map(connectionsOfTrial)).size < 2) return undefined;
  const serverCost = fittedIn(server);
  if (!serverCost || serverCost.scatter > mostScatter) return undefined;
  const proxied = seen.filter(({ trial }) => withRoles(trial, ['proxy']).length > 0);
  const proxyCost =
    proxied.length > 0 ? fittedIn(proxied.map((measured) => observation(measured, 'proxy', paceUs))) : undefined;
  if (proxied.length > 0 && !proxyCost) return undefined;
  return {
    server: serverCost,
    ...(proxyCost && { proxy: proxyCost }),
    memory: memoryOf(seen, 'server'),
    ...(proxyCost && { proxyMemory: memoryOf(proxied, 'proxy') }),
    kernelBytesPerConnection: kernelBytesPerConnection(seen),
    handlingMs: handlingMsOf(transport, seen, { costs: [serverCost, ...(proxyCost ? [proxyCost] : [])], paceUs }),
    connect: connectOf(seen, paceUs),
  };
}

/** `undefined` if the costs cannot be told apart. */
function fittedIn(observations: readonly Observation[]): CostModel | undefined {
  try {
    return fitCost(observations);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

/** Of a node, the mean of all, or of all processes of a proxy. */
function observation(measured: Measured, role: 'server' | 'proxy', paceUs: number | undefined): Observation {
  const { trial } = measured;
  const nodes = role === 'server' ? nodesOf(trial) : 1;
  const cpuMs = sum(withRoles(trial, [role]).map(({ cpuWindowMs }) => cpuWindowMs)) / nodes;
  return {
    group: groupOf(measured),
    workload: scenarioKey(trial),
    work: shareOf(workOf(measured), nodes),
    cpuMsPerSecond: Math.max(cpuMs, leastCpuMs) / timesOfPace(taskCpuUs(trial), paceUs) / seconds(trial),
  };
}

function nodesOf(trial: CompletedTrial): number {
  return withRoles(trial, ['server']).length;
}

/** Trials with the same processes and connections, or as many of them, are one group. */
function groupOf({ trial, scenario: { clients, channels } }: Measured): string {
  return [trial.scenario, clients, channels, trial.path.rttMs].join();
}

/** A process that did nothing is charged a little, so that the cost has a logarithm. */
const leastCpuMs = 0.01;

/** What the servers of a trial did together in a second of its window. */
export function workOf(measured: Measured): Load {
  const { trial, scenario } = measured;
  const perSecond = (amount: number) => amount / seconds(trial);
  const { updates, ledger } = trial;
  const { down, up } = windowBytes(trial);
  const tls = down.tls + up.tls;
  const { clients, arrivals, channels } = scenario;
  return {
    clients,
    rhythm: { arrivals, channels },
    updatesPerSecond: perSecond(updates.accepted),
    requestsPerSecond: perSecond(pollsOf(measured)),
    deliveriesPerSecond: perSecond(ledger.received),
    bytesPerSecond: perSecond(socketBytes(trial) - tls),
    publishesPerSecond: perSecond((scenario.origin === 'client' ? updates.published : 0) + updates.publishedInputs),
  };
}

/** Of a node, or of all processes of a proxy. */
function memoryOf(seen: readonly Measured[], role: 'server' | 'proxy'): LineModel {
  return fitLine(
    withOwnProcesses(seen).map((each) => {
      const shares = role === 'server' ? nodesOf(each.trial) : 1;
      return [connectionsOfTrial(each) / shares, connectedBytes(each.trial, role) / shares];
    }),
  );
}

/** Windows that go on with the processes of another repeat what these were when their clients had connected. */
function withOwnProcesses(seen: readonly Measured[]): readonly Measured[] {
  const sizes = seen.map((each) => `${groupOf(each)} ${connectedBytes(each.trial, 'server')}`);
  return seen.filter((_, place) => sizes.indexOf(sizes[place]!) === place);
}

function connectionsOfTrial({ trial: { transport }, scenario }: Measured): number {
  return scenario.clients * connectionsOf(transport, scenario);
}

/** Size of all processes of a role with all clients connected. */
export function connectedBytes(trial: CompletedTrial, role: 'server' | 'proxy'): number {
  return sum(withRoles(trial, [role]).map(({ connectedRssBytes }) => connectedRssBytes));
}

/** The kernel counts all ends together: of each connection both, and those of the two that a proxy makes of it. */
function endsOf(trial: CompletedTrial): number {
  return withRoles(trial, ['proxy']).length > 0 ? 4 : 2;
}

function kernelBytesPerConnection(seen: readonly Measured[]): number {
  const grown = seen.flatMap(({ trial }) => {
    const { kernelSlabBytes, kernelSocketBytes, counts } = trial;
    const slab = between(kernelSlabBytes);
    const sockets = between(kernelSocketBytes) ?? 0;
    return slab === undefined || counts.connections === 0
      ? []
      : [(slab + sockets) / counts.connections / endsOf(trial)];
  });
  return grown.length > 0 ? Math.max(0, median(grown)) : 0;
}

function between(stages: CompletedTrial['kernelSlabBytes']): number | undefined {
  const { idle = null, connected = null } = stages ?? {};
  return idle === null || connected === null ? undefined : connected - idle;
}

/** Of a server and of a proxy, at a pace. */
type Costs = { readonly costs: readonly CostModel[]; readonly paceUs: number | undefined };

/**
 * What deliveries took beyond what the model says without any handling, median over the trials with the fewest readers of
 * an update: with many, an error in the cost of a send is larger than that. Of short polls 0: their phases are drawn, and
 * chance is larger, too.
 */
function handlingMsOf(transport: Transport, seen: readonly Measured[], costs: Costs): number {
  if (transport === 'short-polling') return 0;
  const delivering = seen.filter(({ trial }) => trial.latency.delivery.count > 0);
  const fewest = Math.min(...delivering.map(readersOf));
  const beyond = delivering
    .filter((measured) => readersOf(measured) === fewest)
    .map((measured) => beyondModelMs(transport, measured, costs));
  return beyond.length > 0 ? Math.max(0, median(beyond)) : 0;
}

function readersOf({ scenario: { clients, channels } }: Measured): number {
  return clients / channels;
}

/** The server, and a proxy behind it, with what a send took of each by the costs of its trial. */
function sendersOf(transport: Transport, measured: Measured, { costs, paceUs }: Costs): readonly Sender[] {
  const { ledger, updates } = measured.trial;
  const bytes = windowBytes(measured.trial).down.updates / ledger.received;
  const times = timesOfPace(taskCpuUs(measured.trial), paceUs);
  return costs.map((cost, place) => ({
    readers: readersOf(measured) / (place === 0 ? nodesOf(measured.trial) : 1),
    updatesPerSecond: updates.accepted / seconds(measured.trial),
    sendMs: times * sendMs(cost, workOf(measured), { bytes, asked: transport === 'long-polling' }),
  }));
}

function beyondModelMs(transport: Transport, measured: Measured, costs: Costs): number {
  const { trial, scenario } = measured;
  const { latency, lateness, path } = trial;
  const roundTripMs = path.rttMs + 2 * lateness.relay.meanMs;
  const oneWayMs = roundTripMs / 2 + fanOutMs(sendersOf(transport, measured, costs));
  const expected = expectationOf(transport, { ...scenario, roundTripMs, oneWayMs }).latency;
  return latency.delivery.meanMs - expected.meanMs - lateness.source.meanMs;
}

function connectOf(seen: readonly Measured[], paceUs: number | undefined): TransportCalibration['connect'] {
  const perConnection = (role: 'server' | 'proxy') =>
    seen.flatMap(({ trial }) => {
      const spent = withRoles(trial, [role]).flatMap(({ cpuConnectMs }) => cpuConnectMs ?? []);
      return spent.length > 0 && trial.counts.connections > 0
        ? [sum(spent) / trial.counts.connections / timesOfPace(taskCpuUs(trial), paceUs)]
        : [];
    });
  const proxy = perConnection('proxy');
  const server = perConnection('server');
  return {
    cpuMs: server.length > 0 ? median(server) : 0,
    ...(proxy.length > 0 && { proxyCpuMs: median(proxy) }),
    upBytes: median(seen.map(({ trial, scenario }) => trial.bytes.setUpUpBytes / scenario.clients)),
    downBytes: median(seen.map(({ trial, scenario }) => trial.bytes.setUpDownBytes / scenario.clients)),
  };
}
