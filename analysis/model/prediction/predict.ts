import type { Transport } from '../../../protocol/transport.ts';
import { transports } from '../../../protocol/transport.ts';
import type {
  CostModel,
  PathCalibration,
  TransportCalibration,
  Work,
} from '../../../results/schema/calibration-schema.ts';
import { expectedCost } from '../cost/cost.ts';
import { type Interval, scaled, within } from '../cost/interval.ts';
import { expectedOnLine } from '../cost/line.ts';
import { atPace } from '../cost/pace.ts';
import type { Load } from '../cost/work.ts';
import type { Expectation } from '../freshness/conditions.ts';
import type { Sender } from '../freshness/fan-out.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { type FirstLimit, firstLimitOf } from './limits.ts';
import { modelErrors } from './model-errors.ts';
import type { Question } from './question.ts';
import { type Scaling, scalingOf } from './scaling.ts';
import type { Size } from './senders.ts';
import { type Case, connectionsOfCase, isProxied, servingOf, shareOf, withChosenInterval } from './serving.ts';

/** Times in milliseconds. */
export type Times = { readonly mean: Interval; readonly p50: Interval; readonly p95: Interval };

/** What one transport needs for the load and gives for it. */
export type Prediction = {
  readonly transport: Transport;
  /** Only of short polling: given, or chosen for the tolerance. */
  readonly pollIntervalMs?: number;
  /** Whether no update stays unknown for longer than is tolerated; absent without a tolerance. */
  readonly meetsTolerance?: boolean;
  readonly latency: Times;
  readonly staleness: Times;
  readonly staleFraction: number;
  readonly requestsPerSecond: Interval;
  readonly emptyShare: number;
  readonly deliveriesPerSecond: Interval;
  readonly publishesPerSecond: number;
  /** On the wire, bits per second. */
  readonly upBitsPerSecond: Interval;
  readonly downBitsPerSecond: Interval;
  readonly layers: Traffic;
  /** CPU time of all nodes, in cores. */
  readonly serverCores: Interval;
  readonly proxyCores?: Interval;
  readonly nodes: number;
  readonly proxyWorkers?: number;
  /** A node, and behind it a worker of a proxy; none of short polling. */
  readonly senders: readonly Sender[];
  readonly scaling: Scaling;
  readonly memoryBytes: Interval;
  readonly proxyMemoryBytes?: Interval;
  /** Of the nodes, and of a proxy, which has two ends for each connection. */
  readonly kernelBytes: number;
  readonly connections: number;
  readonly firstLimit: FirstLimit;
  /** Until all clients have connected again after all were cut off at once. */
  readonly stormSeconds: number;
  readonly extrapolation: Extrapolation;
};

/** How far the work of a node is beyond what was calibrated: 1 or less is within. */
export type Extrapolation = { readonly times: number; readonly of: keyof Work };

/** The transports that the calibration of the path has. */
export function predictAll(question: Question, path: PathCalibration): readonly Prediction[] {
  return transports.flatMap((transport) => predictOne(transport, question, path) ?? []);
}

/** `undefined` if the calibration of the path does not have this transport. */
export function predictOne(transport: Transport, question: Question, path: PathCalibration): Prediction | undefined {
  const calibrated = path.transports[transport];
  if (!calibrated) return undefined;
  const calibration = atPace(calibrated, timesOfPace(question, path));
  return predict(withChosenInterval({ transport, question, path, calibration }));
}

function timesOfPace({ taskCpuUs }: Question, path: PathCalibration): number {
  return taskCpuUs === undefined || path.taskCpuUs === undefined ? 1 : taskCpuUs / path.taskCpuUs;
}

function predict(asked: Case): Prediction {
  const { transport, question, path, calibration } = asked;
  const { scenario, toleranceMs } = question;
  const { expected, traffic, work, size, senders } = servingOf(asked);
  const { nodes, workers } = size;
  const perNode = expectedCost(calibration.server, shareOf(work, nodes));
  const proxyCost = calibration.proxy && expectedCost(calibration.proxy, work);
  const connections = connectionsOfCase(asked);
  return {
    transport,
    ...(transport === 'short-polling' && { pollIntervalMs: scenario.pollIntervalMs }),
    ...(toleranceMs !== undefined && { meetsTolerance: expected.staleness.quantileMs(1) <= toleranceMs }),
    latency: timesOf(expected.latency),
    staleness: timesOf(expected.staleness),
    staleFraction: expected.staleFraction,
    requestsPerSecond: within(expected.requestsPerSecond * scenario.clients, modelErrors.requests),
    emptyShare: expected.emptyShare,
    deliveriesPerSecond: within(expected.deliveriesPerSecond * scenario.clients, modelErrors.requests),
    publishesPerSecond: work.publishesPerSecond,
    upBitsPerSecond: bitsOf(traffic, 'up', scenario.clients),
    downBitsPerSecond: bitsOf(traffic, 'down', scenario.clients),
    layers: traffic,
    serverCores: scaled(perNode, nodes / 1000),
    ...(proxyCost && { proxyCores: scaled(proxyCost, 1 / 1000) }),
    nodes,
    ...(proxyCost && { proxyWorkers: workers }),
    senders,
    scaling: scalingOf(calibration.server, work, nodes),
    memoryBytes: scaled(expectedOnLine(calibration.memory, connections / nodes), nodes),
    ...(calibration.proxyMemory && { proxyMemoryBytes: expectedOnLine(calibration.proxyMemory, connections) }),
    kernelBytes: calibration.kernelBytesPerConnection * connections * (calibration.proxy ? 3 : 1),
    connections,
    firstLimit: firstLimitOf({ work, size, calibration, connections, proxied: isProxied(path) }),
    stormSeconds: stormSeconds(asked, size),
    extrapolation: extrapolationOf(calibration, work, size),
  };
}

function timesOf({ meanMs, quantileMs }: Expectation['latency']): Times {
  const time = (ms: number) => within(ms, modelErrors.latency, modelErrors.latencyMs);
  return { mean: time(meanMs), p50: time(quantileMs(0.5)), p95: time(quantileMs(0.95)) };
}

const bitsPerByte = 8;

function bitsOf(traffic: Traffic, direction: 'up' | 'down', clients: number): Interval {
  const { updates, framing, tls, packets } = traffic[direction];
  return within((updates + framing + tls + packets) * clients * bitsPerByte, modelErrors.bytes);
}

/** Round trips until a connection brings updates: TCP, TLS 1.3 and the first request. */
function stormSeconds({ question, path: { route }, calibration: { connect } }: Case, { nodes, workers }: Size): number {
  const { scenario, rttMs } = question;
  const roundTrips = 2 + (route?.tls != null ? 1 : 0);
  const ofServer = (scenario.clients * connect.cpuMs) / nodes;
  const ofProxy = (scenario.clients * (connect.proxyCpuMs ?? 0)) / workers;
  return (Math.max(ofServer, ofProxy) + roundTrips * rttMs) / 1000;
}

/** Of a node and of a worker of a proxy, whichever is further. */
function extrapolationOf({ server, proxy }: TransportCalibration, work: Load, { nodes, workers }: Size): Extrapolation {
  const beyond = [
    ...timesBeyond(server, shareOf(work, nodes)),
    ...(proxy ? timesBeyond(proxy, shareOf(work, workers)) : []),
  ];
  return beyond.reduce((furthest, each) => (each.times > furthest.times ? each : furthest), nothingBeyond);
}

const nothingBeyond: Extrapolation = { times: 0, of: 'clients' };

function timesBeyond({ largest }: Pick<CostModel, 'largest'>, work: Work): readonly Extrapolation[] {
  const keys = Object.keys(largest) as (keyof Work)[];
  return keys.filter((key) => work[key] > 0).map((of) => ({ of, times: work[of] / largest[of] }));
}
