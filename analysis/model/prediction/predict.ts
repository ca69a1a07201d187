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
import { atPace, timesOfPace } from '../cost/pace.ts';
import { type Load, shareOf } from '../cost/work.ts';
import type { Expectation } from '../freshness/conditions.ts';
import type { Sender } from '../freshness/fan-out.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { type Ends, endsOf } from './ends.ts';
import { fewestNodes, firstLimitOf, type Limit } from './limits.ts';
import { modelErrors } from './model-errors.ts';
import { type Overload, overloadOf } from './overload.ts';
import type { Question } from './question.ts';
import { type Scaling, scalingOf } from './scaling.ts';
import { fanOutOf, type Size } from './senders.ts';
import { type Case, connectionsOfCase, isProxied, type Serving, servingOf, withChosenInterval } from './serving.ts';

/** Times in milliseconds. */
export type Times = { readonly mean: Interval; readonly p50: Interval; readonly p95: Interval };

/** What one transport needs for the load and gives for it. */
export type Prediction = {
  readonly transport: Transport;
  /** Only of short polling: given, or chosen for the tolerance. */
  readonly pollIntervalMs?: number;
  /** Absent without a tolerance. */
  readonly tolerance?: Tolerance;
  /** Why the load is not carried; absent: it is. Times are infinite then, and what depends on them is not a number. */
  readonly overload?: Overload;
  readonly latency: Times;
  readonly staleness: Times;
  /** The longest that an update stays unknown. The ends are those of the costs of sending to other clients first. */
  readonly longestStaleness: Interval;
  /** Of the mean latency: waiting for the sends of a node, and of a worker of a proxy, to other clients. */
  readonly fanOutMs: Interval;
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
  readonly nodesFor: NodesFor;
  readonly proxyWorkers?: number;
  /** Nodes and workers, if serving costs as little or as much as the intervals of cores say. */
  readonly sizes: { readonly low: Size; readonly high: Size };
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
  readonly stormSeconds: Interval;
  readonly stormBy: StormBy;
  readonly extrapolation: Extrapolation;
};

/** Whether no update stays unknown for longer than is tolerated; `likely` and `unlikely` if the interval decides it. */
export type Tolerance = 'kept' | 'likely' | 'unlikely' | 'missed';

/** Why there are as many nodes: asked for, one is enough, ports of a proxy, CPU. */
type NodesFor = 'given' | 'one' | 'ports' | 'cpu';

/** What takes longest until all are connected again. */
type StormBy = 'node-cpu' | 'proxy-cpu' | 'round-trips';

/** What gives out first as clients are added, and with how many of them, by the costs and by both ends of theirs. */
export type FirstLimit = { readonly what: Limit['what']; readonly clients: Interval };

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
  const calibration = atPace(calibrated, timesOfPace(question.taskCpuUs, path.taskCpuUs));
  return predict(withChosenInterval({ transport, question, path, calibration }));
}

function predict(asked: Case): Prediction {
  const { transport, question, calibration } = asked;
  const { scenario, toleranceMs } = question;
  const serving = servingOf(asked);
  const { expected, traffic, work, size, senders } = serving;
  const ends = endsOf(serving, asked);
  const overload = overloadOf(serving, asked);
  const { nodes, workers } = size;
  const perNode = expectedCost(calibration.server, shareOf(work, nodes));
  const proxyCost = calibration.proxy && expectedCost(calibration.proxy, work);
  const connections = connectionsOfCase(asked);
  const longestStaleness = overload ? endless : longestOf(transport, serving, ends);
  // Where sends never end, the model of long polling has clients that never ask again.
  const known = <T>(value: T, unknown: T) => (overload === 'sends' && transport === 'long-polling' ? unknown : value);
  return {
    transport,
    ...(transport === 'short-polling' && { pollIntervalMs: scenario.pollIntervalMs }),
    ...(toleranceMs !== undefined && { tolerance: toleranceOf(longestStaleness, toleranceMs) }),
    ...(overload && { overload }),
    latency: overload ? endlessTimes : timesOf(({ expected: { latency } }) => latency, serving, ends),
    staleness: overload ? endlessTimes : timesOf(({ expected: { staleness } }) => staleness, serving, ends),
    longestStaleness,
    fanOutMs: between(({ senders: each }) => fanOutOf(each).meanMs, serving, ends),
    staleFraction: overload ? Number.NaN : expected.staleFraction,
    requestsPerSecond: known(within(expected.requestsPerSecond * scenario.clients, modelErrors.requests), unknown),
    emptyShare: known(expected.emptyShare, Number.NaN),
    deliveriesPerSecond: within(expected.deliveriesPerSecond * scenario.clients, modelErrors.requests),
    publishesPerSecond: work.publishesPerSecond,
    upBitsPerSecond: known(bitsOf(traffic, 'up', scenario.clients), unknown),
    downBitsPerSecond: known(bitsOf(traffic, 'down', scenario.clients), unknown),
    layers: traffic,
    serverCores: known(scaled(perNode, nodes / 1000), unknown),
    ...(proxyCost && { proxyCores: known(scaled(proxyCost, 1 / 1000), unknown) }),
    nodes,
    nodesFor: nodesFor(asked, nodes),
    ...(proxyCost && { proxyWorkers: workers }),
    sizes: { low: ends.low.fitting, high: ends.high.fitting },
    senders,
    scaling: scalingOf(calibration.server, work, nodes),
    memoryBytes: scaled(expectedOnLine(calibration.memory, connections / nodes), nodes),
    ...(calibration.proxyMemory && { proxyMemoryBytes: expectedOnLine(calibration.proxyMemory, connections) }),
    kernelBytes: calibration.kernelBytesPerConnection * connections * (calibration.proxy ? 3 : 1),
    connections,
    firstLimit: firstLimitBetween(serving, asked, ends),
    ...stormBetween(size, asked, ends),
    extrapolation: extrapolationOf(calibration, work, size),
  };
}

const unknown: Interval = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
const endless: Interval = {
  value: Number.POSITIVE_INFINITY,
  low: Number.POSITIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};
const endlessTimes: Times = { mean: endless, p50: endless, p95: endless };

function toleranceOf({ value, low, high }: Interval, toleranceMs: number): Tolerance {
  if (high <= toleranceMs) return 'kept';
  if (low > toleranceMs) return 'missed';
  return value <= toleranceMs ? 'likely' : 'unlikely';
}

/** When polls ask is exact, and so is the longest that an update can wait for one. */
function longestOf(transport: Transport, serving: Serving, ends: Ends): Interval {
  const longest = between((served) => served.expected.staleness.quantileMs(1), serving, ends);
  return transport === 'short-polling' ? longest : widened(longest);
}

function timesOf(of: (serving: Serving) => Expectation['latency'], serving: Serving, ends: Ends): Times {
  const time = (ms: (distribution: Expectation['latency']) => number) =>
    widened(between((served) => ms(of(served)), serving, ends));
  return {
    mean: time(({ meanMs }) => meanMs),
    p50: time(({ quantileMs }) => quantileMs(0.5)),
    p95: time(({ quantileMs }) => quantileMs(0.95)),
  };
}

/** A number of what is served, at the cost that is expected and at the ends of its interval. */
function between(of: (serving: Serving) => number, serving: Serving, { low, high }: Ends): Interval {
  return { value: of(serving), low: of(low.serving), high: of(high.serving) };
}

/** By what the model may be off besides. */
function widened({ value, low, high }: Interval): Interval {
  const { latency, latencyMs } = modelErrors;
  return { value, low: within(low, latency, latencyMs).low, high: within(high, latency, latencyMs).high };
}

function nodesFor({ question, path, ...asked }: Case, nodes: number): NodesFor {
  if (question.nodes !== undefined) return 'given';
  if (nodes === 1) return 'one';
  return nodes > fewestNodes(connectionsOfCase({ question, path, ...asked }), isProxied(path)) ? 'cpu' : 'ports';
}

const bitsPerByte = 8;

function bitsOf(traffic: Traffic, direction: 'up' | 'down', clients: number): Interval {
  const { updates, framing, tls, packets } = traffic[direction];
  return within((updates + framing + tls + packets) * clients * bitsPerByte, modelErrors.bytes);
}

/** What is costly fills a core with fewer clients. */
function firstLimitBetween({ work, size }: Serving, asked: Case, { low, high }: Ends): FirstLimit {
  const of = ({ calibration, ...rest }: Case) =>
    firstLimitOf({
      work,
      size,
      calibration,
      connections: connectionsOfCase({ calibration, ...rest }),
      proxied: isProxied(rest.path),
    });
  const { what, clients } = of(asked);
  return { what, clients: { value: clients, low: of(high.asked).clients, high: of(low.asked).clients } };
}

type Storm = { readonly seconds: number; readonly by: StormBy };

function stormBetween(size: Size, asked: Case, { low, high }: Ends): Pick<Prediction, 'stormSeconds' | 'stormBy'> {
  const { seconds, by } = stormOf(asked, size);
  const [least, most] = [stormOf(low.asked, size).seconds, stormOf(high.asked, size).seconds];
  return { stormSeconds: { value: seconds, low: least, high: most }, stormBy: by };
}

/** Round trips until a connection brings updates: TCP, TLS 1.3 and the first request. */
function stormOf({ question, path: { route }, calibration: { connect } }: Case, { nodes, workers }: Size): Storm {
  const { scenario, rttMs } = question;
  const wayMs = rttMs * (2 + (route?.tls != null ? 1 : 0));
  const ofServer = (scenario.clients * connect.cpuMs) / nodes;
  const ofProxy = (scenario.clients * (connect.proxyCpuMs ?? 0)) / workers;
  const busyMs = Math.max(ofServer, ofProxy);
  const slower = ofProxy > ofServer ? 'proxy-cpu' : 'node-cpu';
  return { seconds: (busyMs + wayMs) / 1000, by: busyMs > wayMs ? slower : 'round-trips' };
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
