import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration, TransportCalibration } from '../../../results/schema/calibration-schema.ts';
import { ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';
import { costOf } from '../cost/cost.ts';
import { connectionsOf, type Load, shareOf } from '../cost/work.ts';
import type { Conditions, Expectation } from '../freshness/conditions.ts';
import { type Sender, utilizationOf } from '../freshness/fan-out.ts';
import { longestIntervalMs } from '../freshness/poll-interval.ts';
import { expectationOf } from '../freshness/transport-model.ts';
import type { Numbers } from '../traffic/message-bytes.ts';
import { type Traffic, trafficOf } from '../traffic/traffic.ts';
import { fewestNodes } from './limits.ts';
import type { Question } from './question.ts';
import { fanOutOf, type Size, sendersOf } from './senders.ts';

/** A question over one transport, on a path that was calibrated. */
export type Case = {
  readonly transport: Transport;
  readonly question: Question;
  readonly path: Pick<PathCalibration, 'heads' | 'route'>;
  readonly calibration: TransportCalibration;
};

/** What is served, by how many. */
export type Serving = {
  readonly expected: Expectation;
  readonly traffic: Traffic;
  readonly work: Load;
  readonly size: Size;
  readonly senders: readonly Sender[];
};

/** A node or a worker of a proxy is planned to be busy for this share of the time, so that bursts do not queue. */
const plannedUse = 0.7;

/**
 * By the given nodes and workers, or by the fewest that have room: more of them shorten the fan-out of each, which
 * changes what clients see, so each number is worked out whole.
 */
export function servingOf(asked: Case): Serving {
  const { question, path } = asked;
  let size: Size = {
    nodes: question.nodes ?? fewestNodes(connectionsOfCase(asked), isProxied(path)),
    workers: question.proxyWorkers ?? 1,
  };
  for (;;) {
    const tried = servedBy(size, asked);
    const larger = withRoom(tried, asked);
    if (larger.nodes === size.nodes && larger.workers === size.workers) return tried;
    size = larger;
  }
}

/** The sizes that were tried grow up to here. */
const mostProcesses = 10_000;

/** The size itself if it has room, or as many more as the load of these asks for. */
function withRoom({ work, size, senders: [node, worker] }: Serving, { question, calibration }: Case): Size {
  const { server, proxy } = calibration;
  const ofNode = { busyMs: costOf(server, shareOf(work, size.nodes)), alwaysMs: costOf(server, unshared(work)) };
  return {
    nodes: question.nodes ?? enough(size.nodes, ofNode, node),
    workers:
      question.proxyWorkers ??
      (proxy
        ? enough(size.workers, { busyMs: costOf(proxy, work) / size.workers, alwaysMs: 0 }, worker)
        : size.workers),
  };
}

/** What each node does however many there are. */
function unshared(work: Load): Load {
  return shareOf(work, Number.POSITIVE_INFINITY);
}

/** CPU of each process in a second, and how much of it more processes would not take away. */
type Busy = { readonly busyMs: number; readonly alwaysMs: number };

/** Room that is left for what processes share, where taking in all updates fills most of a core. */
const leastRoomMs = 100;

/** Where sends never end, nothing comes back that would be work: clients that get no answer do not ask. */
function enough(processes: number, { busyMs, alwaysMs }: Busy, sender: Sender | undefined): number {
  const times = busyMs / Math.max(plannedUse * 1000, alwaysMs + leastRoomMs);
  const sending = sender ? utilizationOf(sender) : 0;
  if (times <= 1 && sending < 1) return processes;
  return Math.min(mostProcesses, Math.max(processes + 1, Math.floor(processes * Math.max(times, sending))));
}

/** With the longest poll interval that the tolerance allows, if there is one. */
export function withChosenInterval(asked: Case): Case {
  const { transport, question } = asked;
  const { scenario, toleranceMs } = question;
  if (transport !== 'short-polling' || toleranceMs === undefined) return asked;
  const pollIntervalMs = longestIntervalMs(toleranceMs, conditionsOf(asked, []));
  return pollIntervalMs === undefined
    ? asked
    : { ...asked, question: { ...question, scenario: { ...scenario, pollIntervalMs } } };
}

/** By so many nodes and workers, whether they have room or not. */
export function servedBy(size: Size, asked: Case): Serving {
  const { transport, question, path, calibration } = asked;
  const { scenario } = question;
  const senders = sendersOf(transport, scenario, { size, calibration });
  const expected = expectationOf(transport, conditionsOf(asked, senders));
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
    rhythm: { arrivals: scenario.arrivals, channels: scenario.channels },
    updatesPerSecond: ratePerSecond(scenario.arrivals) * scenario.channels,
    requestsPerSecond: expected.requestsPerSecond * scenario.clients,
    deliveriesPerSecond: expected.deliveriesPerSecond * scenario.clients,
    bytesPerSecond: (down.updates + down.framing + up.updates + up.framing) * scenario.clients,
    publishesPerSecond,
  };
  return { expected, traffic, work, size, senders };
}

/** Updates that a client publishes reach it half a round trip later than those of a source beside the server. */
function conditionsOf({ question, calibration }: Case, senders: readonly Sender[]): Conditions {
  const { scenario, rttMs } = question;
  const { arrivals, semantics, pollIntervalMs, holdMs, heartbeatMs, origin, clients, channels, echo } = scenario;
  const members = clients / channels;
  const uplinkMs = origin === 'client' ? rttMs / 2 : 0;
  const fanOut = fanOutOf(senders);
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

export function connectionsOfCase({ transport, question: { scenario } }: Case): number {
  return scenario.clients * connectionsOf(transport, scenario);
}

export function isProxied({ route }: Case['path']): boolean {
  return route?.proxy != null;
}
