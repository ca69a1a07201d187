import type { Transport } from '../../../protocol/transport.ts';
import { transports } from '../../../protocol/transport.ts';
import type { PathCalibration, TransportCalibration, Work } from '../../../results/schema/calibration-schema.ts';
import { ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';
import { expectedCost, sendMs } from '../cost/cost.ts';
import { type Interval, scaled, within } from '../cost/interval.ts';
import { expectedOnLine } from '../cost/line.ts';
import { connectionsOf } from '../cost/work.ts';
import type { Conditions, Expectation } from '../freshness/conditions.ts';
import { fanOutMs, fanOutWidthMs, utilizationOf } from '../freshness/fan-out.ts';
import { longestIntervalMs } from '../freshness/poll-interval.ts';
import { expectationOf } from '../freshness/transport-model.ts';
import type { Numbers } from '../traffic/message-bytes.ts';
import { type Traffic, trafficOf } from '../traffic/traffic.ts';
import { type FirstLimit, firstLimitOf } from './limits.ts';
import { modelErrors } from './model-errors.ts';
import { type Scaling, scalingOf } from './scaling.ts';

/** A load, and what is asked of it. */
export type Question = {
  readonly scenario: Scenario;
  readonly rttMs: number;
  /** How long an update may stay unknown; absent: the scenario's poll interval stands. */
  readonly toleranceMs?: number;
  /** Nodes that share the clients; absent: as many as have room. */
  readonly nodes?: number;
  /** How far the stream has come, which decides how many digits its numbers have; absent: as after a day. */
  readonly progress?: Pick<Numbers, 'version' | 'instantUs'>;
  /** Bytes that headers and cookies add to each request beyond those of the calibration. */
  readonly extraBytes?: { readonly poll: number; readonly publish: number };
};

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

/** A node is planned to be busy for this share of the time, so that bursts do not queue. */
export const plannedUse = 0.7;

/** The transports that the calibration of the path has. */
export function predictAll(question: Question, path: PathCalibration): readonly Prediction[] {
  return transports.flatMap((transport) => predictOne(transport, question, path) ?? []);
}

/** `undefined` if the calibration of the path does not have this transport. */
export function predictOne(transport: Transport, question: Question, path: PathCalibration): Prediction | undefined {
  const calibration = path.transports[transport];
  return calibration && predict(transport, question, path, calibration);
}

type Calibrated = Pick<PathCalibration, 'heads' | 'route'>;

function predict(
  transport: Transport,
  question: Question,
  path: Calibrated,
  calibration: TransportCalibration,
): Prediction {
  const chosen = transport === 'short-polling' ? withChosenInterval(question, calibration) : question;
  const serving = servingOf(transport, chosen, path, calibration);
  const { expected, traffic, work, nodes } = serving;
  const { scenario, toleranceMs } = chosen;
  const perNode = expectedCost(calibration.server, shareOf(work, nodes));
  const proxyCost = calibration.proxy && expectedCost(calibration.proxy, work);
  const connections = scenario.clients * connectionsOf(transport, scenario);
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
    scaling: scalingOf(calibration.server, work, nodes),
    memoryBytes: scaled(expectedOnLine(calibration.memory, connections / nodes), nodes),
    ...(calibration.proxyMemory && { proxyMemoryBytes: expectedOnLine(calibration.proxyMemory, connections) }),
    kernelBytes: calibration.kernelBytesPerConnection * connections * (calibration.proxy ? 3 : 1),
    connections,
    firstLimit: firstLimitOf({ work, nodes, calibration, connections, proxied: path.route?.proxy != null }),
    stormSeconds: stormSeconds(chosen, calibration, path, nodes),
    extrapolation: extrapolationOf(shareOf(work, nodes), calibration),
  };
}

/** What is served, on how many nodes. */
type Serving = {
  readonly expected: Expectation;
  readonly traffic: Traffic;
  readonly work: Work;
  readonly nodes: number;
};

/** Of short polling, which has no fan-out: its way does not depend on the nodes. */
function withChosenInterval(question: Question, calibration: TransportCalibration): Question {
  const { scenario, toleranceMs } = question;
  if (toleranceMs === undefined) return question;
  const pollIntervalMs = longestIntervalMs(
    toleranceMs,
    conditionsOf('short-polling', question, { nodes: 1, calibration }),
  );
  return pollIntervalMs === undefined ? question : { ...question, scenario: { ...scenario, pollIntervalMs } };
}

const mostNodes = 10_000;

/**
 * On the given nodes, or on the fewest that have room: more nodes shorten the fan-out of each, which changes what
 * clients see, so each number is worked out whole.
 */
function servingOf(
  transport: Transport,
  question: Question,
  path: Calibrated,
  calibration: TransportCalibration,
): Serving {
  const on = (nodes: number) => servedOn(nodes, transport, question, path, calibration);
  if (question.nodes !== undefined) return on(question.nodes);
  let nodes = 1;
  for (let tried = on(nodes); nodes < mostNodes; tried = on(nodes)) {
    const busyMs = expectedCost(calibration.server, shareOf(tried.work, nodes)).value;
    const { busy } = fanOutOf(transport, question.scenario, { nodes, calibration });
    const times = busyMs / (plannedUse * 1000);
    // Where sends never end, nothing comes back that would be work: clients that get no answer do not ask.
    if (times <= 1 && busy < 1) return tried;
    // By at least one, and by as many as the load of these asks for.
    nodes = Math.max(nodes + 1, Math.floor(nodes * Math.max(times, busy)));
  }
  return on(mostNodes);
}

function servedOn(
  nodes: number,
  transport: Transport,
  question: Question,
  path: Calibrated,
  calibration: TransportCalibration,
): Serving {
  const { scenario } = question;
  const expected = expectationOf(transport, conditionsOf(transport, question, { nodes, calibration }));
  const publishesPerSecond = publishesOf(scenario);
  const traffic = trafficOf(transport, expected, publishesPerSecond / scenario.clients, {
    encoding: scenario.encoding,
    payloadBytes: scenario.payload.bytes,
    publishBytes: scenario.inputs?.payload.bytes ?? scenario.payload.bytes,
    numbers: numbersOf(question),
    heads: headsWith(path.heads, question.extraBytes),
    encrypted: path.route?.tls != null,
  });
  const { down, up } = traffic;
  const work = {
    clients: scenario.clients,
    updatesPerSecond: ratePerSecond(scenario.arrivals) * scenario.channels,
    requestsPerSecond: expected.requestsPerSecond * scenario.clients,
    deliveriesPerSecond: expected.deliveriesPerSecond * scenario.clients,
    bytesPerSecond: (down.updates + down.framing + up.updates + up.framing) * scenario.clients,
    publishesPerSecond,
  };
  return { expected, traffic, work, nodes };
}

type ServedBy = { readonly nodes: number; readonly calibration: TransportCalibration };

/** Updates that a client publishes reach it half a round trip later than those of a source beside the server. */
function conditionsOf(
  transport: Transport,
  { scenario, rttMs }: Question,
  { nodes, calibration }: ServedBy,
): Conditions {
  const { arrivals, semantics, pollIntervalMs, holdMs, heartbeatMs, origin, clients, channels, echo } = scenario;
  const members = clients / channels;
  const uplinkMs = origin === 'client' ? rttMs / 2 : 0;
  const fanOut = fanOutOf(transport, scenario, { nodes, calibration });
  const ofOthers = origin === 'client' && !echo ? (members - 1) / members : 1;
  return {
    arrivals: thinned(arrivals, ofOthers),
    semantics,
    pollIntervalMs,
    holdMs,
    heartbeatMs,
    roundTripMs: rttMs,
    oneWayMs: rttMs / 2 + calibration.handlingMs + fanOut.meanMs + uplinkMs,
    fanOutMs: fanOut.widthMs,
  };
}

/** Polls come one by one, so none waits for the answers to others. */
const noFanOut = { meanMs: 0, widthMs: 0, busy: 0 };

/** What sending to one reader after the other adds, with the readers of a channel spread over the nodes. `busy`: ρ. */
export function fanOutOf(
  transport: Transport,
  { clients, channels, arrivals, payload }: Scenario,
  { nodes, calibration: { server } }: ServedBy,
): { readonly meanMs: number; readonly widthMs: number; readonly busy: number } {
  if (transport === 'short-polling') return noFanOut;
  const members = clients / channels / nodes;
  const readers = Math.max(1, members);
  const updatesPerSecond = ratePerSecond(arrivals) * channels;
  // A node with fewer clients than channels has no reader for some of the updates.
  const perSecond = updatesPerSecond * Math.min(1, members);
  const asked = transport === 'long-polling';
  const work = {
    clients: clients / nodes,
    updatesPerSecond,
    requestsPerSecond: asked ? perSecond * readers : 0,
    deliveriesPerSecond: perSecond * readers,
    bytesPerSecond: perSecond * readers * payload.bytes,
    publishesPerSecond: 0,
  };
  const eachMs = sendMs(server, work, { bytes: payload.bytes, asked });
  return {
    meanMs: fanOutMs(readers, eachMs, perSecond),
    widthMs: fanOutWidthMs(readers, eachMs),
    busy: utilizationOf(readers, eachMs, perSecond),
  };
}

/** Without a client's own updates, which are a random share of all. */
function thinned(arrivals: Scenario['arrivals'], share: number): Scenario['arrivals'] {
  return share === 1 || arrivals.kind === 'trace' ? arrivals : { ...arrivals, perSecond: arrivals.perSecond * share };
}

function publishesOf({ origin, arrivals, channels, inputs, clients }: Scenario): number {
  const updates = origin === 'client' ? ratePerSecond(arrivals) * channels : 0;
  return updates + (inputs ? ratePerSecond(inputs.arrivals) * clients : 0);
}

const secondsPerDay = 86_400;

function numbersOf({ scenario: { clients, channels, arrivals }, progress }: Question): Numbers {
  const version = Math.max(1, Math.round(ratePerSecond(arrivals) * secondsPerDay));
  return { clients, channels, ...(progress ?? { version, instantUs: secondsPerDay * 1e6 }) };
}

const noHeads = { poll: 0, emptyAnswer: 0, fullAnswer: 0, publish: 0, publishAnswer: 0 };

function headsWith(heads: PathCalibration['heads'] = noHeads, extra: Question['extraBytes']) {
  return extra ? { ...heads, poll: heads.poll + extra.poll, publish: heads.publish + extra.publish } : heads;
}

/** The work of one of several nodes. Each takes in all updates and shares out the rest. */
export function shareOf(work: Work, nodes: number): Work {
  return {
    clients: work.clients / nodes,
    updatesPerSecond: work.updatesPerSecond,
    requestsPerSecond: work.requestsPerSecond / nodes,
    deliveriesPerSecond: work.deliveriesPerSecond / nodes,
    bytesPerSecond: work.bytesPerSecond / nodes,
    publishesPerSecond: work.publishesPerSecond / nodes,
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
function stormSeconds(
  { scenario, rttMs }: Question,
  { connect }: TransportCalibration,
  { route }: Calibrated,
  nodes: number,
): number {
  const roundTrips = 2 + (route?.tls != null ? 1 : 0);
  const ofServer = (scenario.clients * connect.cpuMs) / nodes;
  const ofProxy = scenario.clients * (connect.proxyCpuMs ?? 0);
  return (Math.max(ofServer, ofProxy) + roundTrips * rttMs) / 1000;
}

function extrapolationOf(work: Work, { server }: TransportCalibration): Extrapolation {
  const keys = Object.keys(work) as (keyof Work)[];
  const beyond = keys
    .filter((key) => work[key] > 0)
    .map((of) => ({ of, times: work[of] / server.largest[of] }))
    .sort((a, b) => b.times - a.times);
  return beyond[0] ?? exactlyWithin;
}

const exactlyWithin: Extrapolation = { times: 1, of: 'clients' };
