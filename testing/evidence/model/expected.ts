import type { Direction } from '../../../analysis/figures/byte-layers.ts';
import type { Conditions, Expectation } from '../../../analysis/model/freshness/conditions.ts';
import { observed } from '../../../analysis/model/freshness/distribution.ts';
import {
  type Replay,
  replayLongPolling,
  replayShortPolling,
  replayStream,
  type Schedule,
} from '../../../analysis/model/freshness/replay.ts';
import { expectationOf } from '../../../analysis/model/freshness/transport-model.ts';
import { voidProbability } from '../../../analysis/model/freshness/void-probability.ts';
import { type Traffic, trafficOf } from '../../../analysis/model/traffic/traffic.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { ratePerSecond, type Scenario } from '../../../scenarios/scenario.ts';
import { emissions, type Phase, pollPhasesUs } from '../../../scenarios/schedule.ts';
import type { Compared } from './measured.ts';

/** A window that was measured. */
export type Window = {
  readonly trial: CompletedTrial;
  readonly scenario: Scenario;
  /** Versions that a channel had by the middle of the window. */
  readonly version: number;
};

/** What the formulas expect of these windows together, which differ in nothing but their draws. */
export function byFormula(transport: Transport, windows: readonly Window[], path: PathCalibration): Compared {
  return meanOf(
    windows.map((window) => {
      const conditions = conditionsOf(transport, window, path);
      const expected = expectationOf(transport, conditions);
      const counts = countsOf(expected, window);
      const asked = transport === 'short-polling' ? pollsOfWindow(conditions, durationOf(window)) : {};
      return comparedOf({ ...counts, ...asked }, expected, window, path);
    }),
  );
}

/**
 * What the model expects when it is played through on the very schedule of each window. What falls due after longer than
 * a window depends on what was before it: heartbeats and ends of holds are those of the formulas.
 */
export function byReplay(transport: Transport, windows: readonly Window[], path: PathCalibration): Compared {
  return meanOf(
    windows.map((window) => {
      const conditions = conditionsOf(transport, window, path);
      const expected = expectationOf(transport, conditions);
      const played = meanCounts(replayed(transport, window, conditions));
      const { heartbeats, emptyAnswers } = countsOf(expected, window);
      const ended = transport === 'long-polling' ? emptyAnswers : 0;
      const counts = {
        ...played,
        heartbeats,
        requests: played.requests + ended,
        emptyAnswers: played.emptyAnswers + ended,
        heldAnswers: played.heldAnswers + ended,
      };
      return comparedOf(counts, expected, window, path);
    }),
  );
}

/** The round trip is that of the link and what the relay added to each of its ways; the source was late by itself. */
function conditionsOf(transport: Transport, { trial, scenario }: Window, path: PathCalibration): Conditions {
  const { lateness } = trial;
  const roundTripMs = trial.path.rttMs + 2 * lateness.relay.meanMs;
  const handlingMs = path.transports[transport]!.handlingMs;
  return { ...scenario, roundTripMs, oneWayMs: roundTripMs / 2 + handlingMs + lateness.source.meanMs };
}

/** What one client does in a window, and after it until it has all updates. */
type Counts = Pick<Replay, 'requests' | 'late' | 'emptyAnswers' | 'heldAnswers'> & {
  readonly latencyMs: number;
  readonly deliveries: number;
  readonly heartbeats: number;
};

/** In a steady state, from which nothing is left over. */
function countsOf(expected: Expectation, window: Window): Counts {
  const seconds = durationOf(window) / 1000;
  const requests = expected.requestsPerSecond * seconds;
  return {
    latencyMs: expected.latency.meanMs,
    deliveries: expected.deliveriesPerSecond * seconds,
    requests,
    emptyAnswers: requests * expected.emptyShare,
    heldAnswers: requests * expected.heldShare,
    heartbeats: expected.heartbeatsPerSecond * seconds,
    late: { requests: 0, updates: 0 },
  };
}

const phases = 200;

/**
 * The short polls of a window with no updates before it. The first poll asks for the time since the start alone, and the
 * updates since the last are left to one after the end: means over evenly spread phases.
 */
function pollsOfWindow(conditions: Conditions, durationMs: number): Pick<Counts, 'requests' | 'late' | 'emptyAnswers'> {
  const { arrivals, pollIntervalMs, roundTripMs } = conditions;
  const ratePerMs = ratePerSecond(arrivals) / 1000;
  let [requests, emptyAnswers, lateRequests, lateUpdates] = [0, 0, 0, 0];
  for (let phase = 0; phase < phases; phase++) {
    let askedMs = 0;
    for (let atMs = ((phase + 0.5) / phases) * pollIntervalMs; atMs < durationMs; atMs += pollIntervalMs) {
      const reachesMs = Math.min(durationMs, atMs + roundTripMs / 2);
      requests++;
      emptyAnswers += voidProbability(arrivals, reachesMs - askedMs);
      askedMs = reachesMs;
    }
    lateRequests += 1 - voidProbability(arrivals, durationMs - askedMs);
    lateUpdates += ratePerMs * (durationMs - askedMs);
  }
  return {
    requests: requests / phases,
    emptyAnswers: emptyAnswers / phases,
    late: { requests: lateRequests / phases, updates: lateUpdates / phases },
  };
}

function replayed(transport: Transport, window: Window, conditions: Conditions): readonly Replay[] {
  const { trial, scenario } = window;
  const durationMs = durationOf(window);
  const phase: Phase = { kind: 'window', scenario, seed: trial.seed, durationUs: durationMs * 1000 };
  const instants = Array.from({ length: scenario.channels }, (): number[] => []);
  for (const { atUs, channel } of emissions(phase)) instants[channel]!.push(atUs / 1000);
  const phasesUs = pollPhasesUs(scenario, trial.seed);
  return instants.map((instantsMs, client) => {
    const schedule: Schedule = { instantsMs, durationMs };
    if (transport === 'short-polling') return replayShortPolling(schedule, conditions, phasesUs[client]! / 1000);
    return transport === 'long-polling' ? replayLongPolling(schedule, conditions) : replayStream(schedule, conditions);
  });
}

function meanCounts(replays: readonly Replay[]): Omit<Counts, 'heartbeats'> {
  const mean = (of: (replay: Replay) => number) =>
    replays.reduce((sum, replay) => sum + of(replay), 0) / replays.length;
  return {
    latencyMs: observed(replays.flatMap(({ latenciesMs }) => latenciesMs)).meanMs,
    deliveries: mean(({ latenciesMs }) => latenciesMs.length),
    requests: mean(({ requests }) => requests),
    emptyAnswers: mean(({ emptyAnswers }) => emptyAnswers),
    heldAnswers: mean(({ heldAnswers }) => heldAnswers),
    late: { requests: mean(({ late }) => late.requests), updates: mean(({ late }) => late.updates) },
  };
}

/** Trials leave out what short polls after the window take, but for packets, and count long polls that end after it. */
function comparedOf(counts: Counts, expected: Expectation, window: Window, path: PathCalibration): Compared {
  const { transport } = window.trial;
  const { late, latencyMs } = counts;
  const seconds = durationOf(window) / 1000;
  const trafficFor = (some: Counts) =>
    trafficOfWindow(transport, { ...expected, ...rates(some, seconds) }, window, path);
  const afterwards = {
    ...counts,
    requests: late.requests,
    deliveries: late.updates,
    emptyAnswers: 0,
    heldAnswers: 0,
    heartbeats: 0,
  };
  const within = { ...counts, deliveries: counts.deliveries - late.updates };
  const [own, after] = [trafficFor(within), trafficFor(afterwards)];
  const isLong = transport === 'long-polling';
  const requests = counts.requests + (isLong ? late.requests : 0);
  const framing = (direction: Direction) => own[direction].framing + (isLong ? after[direction].framing : 0);
  return {
    latencyMs,
    requests: requests / seconds,
    emptyShare: requests === 0 ? 0 : counts.emptyAnswers / requests,
    updatesDown: own.down.updates + after.down.updates,
    framingDown: framing('down'),
    framingUp: framing('up'),
    packets: own.down.packets + own.up.packets + after.down.packets + after.up.packets,
  };
}

function rates({ requests, emptyAnswers, heldAnswers, deliveries, heartbeats }: Counts, seconds: number) {
  return {
    requestsPerSecond: requests / seconds,
    emptyShare: requests === 0 ? 0 : emptyAnswers / requests,
    heldShare: requests === 0 ? 0 : heldAnswers / requests,
    deliveriesPerSecond: deliveries / seconds,
    heartbeatsPerSecond: heartbeats / seconds,
  };
}

function durationOf({ trial }: Window): number {
  return trial.window.durationMs;
}

/** Microseconds since the start of the processes have so many digits after some minutes. */
const instantUs = 5e9;

function trafficOfWindow(
  transport: Transport,
  expected: Expectation,
  { scenario, version }: Window,
  path: PathCalibration,
): Traffic {
  const { encoding, payload, clients, channels } = scenario;
  return trafficOf(transport, expected, 0, {
    encoding,
    payloadBytes: payload.bytes,
    publishBytes: payload.bytes,
    numbers: { clients, channels, version, instantUs },
    heads: path.heads!,
    encrypted: false,
  });
}

/** Windows of the same length. */
function meanOf(all: readonly Compared[]): Compared {
  const mean = (key: keyof Compared) => all.reduce((sum, each) => sum + each[key], 0) / all.length;
  return {
    latencyMs: mean('latencyMs'),
    requests: mean('requests'),
    emptyShare: mean('emptyShare'),
    updatesDown: mean('updatesDown'),
    framingDown: mean('framingDown'),
    framingUp: mean('framingUp'),
    packets: mean('packets'),
  };
}
