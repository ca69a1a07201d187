import type { LinkConditions } from '../../network/link/path.ts';
import { pollIntervalsMs, ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import { accelerate } from '../../scenarios/schedule.ts';
import { publishesPerSecond } from './overheads.ts';

/**
 * Requests and deliveries to plan for a warm-up. A verdict on CPU needs 10,000, because until then the compiler's work
 * is charged to the trial. Arrivals are random, so a quarter more is planned.
 */
const leastOperations = 12_500;
/**
 * A longer warm-up makes more of them, since the compiler is never quite done: after 60,000 long polling took 12% to 20%
 * less CPU than after 12,500, and SSE 12% to 19%.
 */
const operationsPerWarmUpMs = 5;

/** Of a warm-up that lasts so long. */
export function wantedOperations(warmupMs: number): number {
  return Math.max(leastOperations, operationsPerWarmUpMs * warmupMs);
}

/** The number of operations warms up the compiler; larger payloads would only load the machine. */
const largestPayloadBytes = 4096;
const highestBytesPerSecond = 16e6;
const shortestPollIntervalMs = 100;
/**
 * Share of a link that a warm-up may use, so that it ends with nothing queued, and about what headers add to a
 * delivery.
 */
const usableShare = 0.5;
const deliveryHeaderBytes = 200;
/** Of a poll and its answer, in the larger direction, about. */
const pollBytes = 500;
/**
 * Share of the operations that are short polls, and that are messages of clients, where there are any: deliveries alone do
 * not warm up the code for them. Measured: a server took 83 to 100 ms/s for 288 messages a second after 900 of them, and
 * 38 after 10,000.
 */
const kindShare = 0.5;
/** How many of the inputs that a client could send one after the other it sends at most. */
const acknowledgedShare = 0.8;
/** Publishes still queued at the end of the warm-up may go on for as long again. */
const publishingShare = 2;

/** Deliveries and publishes per second that the scenario asks for, whatever the transport. */
export function operationsPerSecond(scenario: Scenario): number {
  const updates = ratePerSecond(scenario.arrivals) * scenario.channels;
  const deliveries = ratePerSecond(scenario.arrivals) * scenario.clients;
  const inputs = scenario.inputs ? ratePerSecond(scenario.inputs.arrivals) * scenario.clients : 0;
  return deliveries + inputs + (scenario.origin === 'client' ? updates : 0);
}

/**
 * The scenario sped up so that a warm-up of `warmupMs` makes enough operations. Never slower than the scenario, and if
 * faster, no faster than the link carries. Polls speed up too, but stay far enough apart for an answer to come back.
 * Without broadcasts: rare events, of which a warm-up would have one by chance.
 */
export function warmUpScenario(given: Scenario, warmupMs: number, link: LinkConditions): Scenario {
  const { broadcast: _, ...scenario } = given;
  const { rttMs } = link;
  const payload = { ...scenario.payload, bytes: Math.min(scenario.payload.bytes, largestPayloadBytes) };
  const deliveriesPerSecond = ratePerSecond(scenario.arrivals) * scenario.clients;
  const wantedPerSecond = wantedOperations(warmupMs) / Math.max(1, warmupMs / 1000);
  const wanted = wantedPerSecond / operationsPerSecond(scenario);
  const bounds = [
    highestBytesPerSecond / (deliveriesPerSecond * payload.bytes),
    (usableShare * bytesPerSecondOf(link)) / (deliveriesPerSecond * (payload.bytes + deliveryHeaderBytes)),
    (publishingShare * 1000) / (rttMs * publishesPerSecond(scenario)),
  ];
  const factor = Math.max(1, Math.min(wanted, ...bounds));
  const faster = accelerate(scenario, factor);
  // Never faster than an answer comes back, and never slower than the scenario asks for.
  const within = (fasterMs: number, scenarioMs: number) =>
    Math.min(Math.max(fasterMs, shortestPollIntervalMs, rttMs * 2.5), scenarioMs);
  const { pollCohortsMs } = scenario;
  const wantedPolls = Math.min(kindShare * wantedPerSecond, (usableShare * bytesPerSecondOf(link)) / pollBytes);
  const pollFactor = Math.max(factor, wantedPolls / pollsPerSecond(scenario));
  const { inputs } = accelerate(
    scenario,
    Math.max(factor, inputFactorOf(scenario, kindShare * wantedPerSecond, rttMs)),
  );
  return {
    ...faster,
    payload,
    ...(inputs && { inputs }),
    pollIntervalMs: within(scenario.pollIntervalMs / pollFactor, scenario.pollIntervalMs),
    ...(pollCohortsMs && { pollCohortsMs: pollCohortsMs.map((ms) => within(ms / pollFactor, ms)) }),
  };
}

/** How much faster clients are to send so many inputs a second in all, if each is acknowledged before the next. */
function inputFactorOf({ inputs, clients }: Scenario, wantedPerSecond: number, rttMs: number): number {
  if (!inputs) return 1;
  const perClient = ratePerSecond(inputs.arrivals);
  return Math.min(wantedPerSecond / clients, acknowledgedShare * (1000 / rttMs)) / perClient;
}

/** Short polls of all clients; each cohort has as many. */
function pollsPerSecond(scenario: Scenario): number {
  const intervalsMs = pollIntervalsMs(scenario);
  return (scenario.clients / intervalsMs.length) * intervalsMs.reduce((sum, ms) => sum + 1000 / ms, 0);
}

/** Bandwidth from server to clients in bytes per second, `Infinity` if unlimited. */
function bytesPerSecondOf({ bandwidthBitsPerSecond }: LinkConditions): number {
  return bandwidthBitsPerSecond === null ? Number.POSITIVE_INFINITY : bandwidthBitsPerSecond / 8;
}
