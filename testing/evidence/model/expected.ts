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
import { type Traffic, trafficOf } from '../../../analysis/model/traffic/traffic.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
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
  const expected = windows.map((window) => {
    const expectation = expectationOf(transport, conditionsOf(transport, window, path));
    return comparedOf(expectation, trafficFor(transport, expectation, window, path));
  });
  return meanOf(expected);
}

/** What the model expects when it is played through on the very schedule of each window. */
export function byReplay(transport: Transport, windows: readonly Window[], path: PathCalibration): Compared {
  const played = windows.map((window) => {
    const replays = replayed(transport, window, conditionsOf(transport, window, path));
    const expectation = together(replays, window);
    return comparedOf(expectation, trafficFor(transport, expectation, window, path));
  });
  return meanOf(played);
}

/** The round trip is that of the link and what the relay added to each of its ways; the source was late by itself. */
function conditionsOf(transport: Transport, { trial, scenario }: Window, path: PathCalibration): Conditions {
  const { lateness } = trial;
  const roundTripMs = trial.path.rttMs + 2 * lateness.relay.meanMs;
  const handlingMs = path.transports[transport]!.handlingMs;
  return { ...scenario, roundTripMs, oneWayMs: roundTripMs / 2 + handlingMs + lateness.source.meanMs };
}

function trafficFor(transport: Transport, expectation: Expectation, window: Window, path: PathCalibration): Traffic {
  const { scenario, version } = window;
  const { encoding, payload, clients, channels } = scenario;
  return trafficOf(transport, expectation, 0, {
    encoding,
    payloadBytes: payload.bytes,
    publishBytes: payload.bytes,
    numbers: { clients, channels, version, instantUs: instantUs(window) },
    heads: path.heads!,
    encrypted: false,
  });
}

/** Instants count from the start of the run, which takes some minutes to get here. */
function instantUs(_window: Window): number {
  return 5e8;
}

function replayed(transport: Transport, { trial, scenario }: Window, conditions: Conditions): readonly Replay[] {
  const { durationMs } = trial.window;
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

/** Many clients of one window as one expectation. */
function together(replays: readonly Replay[], { trial, scenario }: Window): Expectation {
  const total = (of: (replay: Replay) => number) => replays.reduce((sum, replay) => sum + of(replay), 0);
  const clientSeconds = (scenario.clients * trial.window.durationMs) / 1000;
  const requests = total((replay) => replay.requests);
  return {
    latency: observed(replays.flatMap(({ latenciesMs }) => latenciesMs)),
    staleness: observed(replays.flatMap(({ stalenessMs }) => stalenessMs)),
    staleFraction: total(({ staleMs }) => staleMs) / (clientSeconds * 1000),
    deliveriesPerSecond: total(({ latenciesMs }) => latenciesMs.length) / clientSeconds,
    requestsPerSecond: requests / clientSeconds,
    emptyShare: requests === 0 ? 0 : total(({ emptyAnswers }) => emptyAnswers) / requests,
    heldShare: requests === 0 ? 0 : total(({ heldAnswers }) => heldAnswers) / requests,
    heartbeatsPerSecond: 0,
  };
}

function comparedOf(expected: Expectation, { down, up }: Traffic): Compared {
  return {
    latencyMs: expected.latency.meanMs,
    requests: expected.requestsPerSecond,
    emptyShare: expected.emptyShare,
    updatesDown: down.updates,
    framingDown: down.framing,
    framingUp: up.framing,
    packets: down.packets + up.packets,
  };
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
