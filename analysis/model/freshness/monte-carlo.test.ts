import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { arrivalInstantsUs } from '../../../scenarios/arrivals.ts';
import { randomFrom } from '../../../scenarios/random.ts';
import { type Arrivals, ratePerSecond } from '../../../scenarios/scenario.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import type { Conditions, Expectation } from './conditions.ts';
import { observed } from './distribution.ts';
import { longPolling } from './long-polling.ts';
import { type Replay, replayLongPolling, replayShortPolling, replayStream, type Schedule } from './replay.ts';
import { shortPolling } from './short-polling.ts';
import { stream } from './stream.ts';

/** One client for so long that its means are near those of a steady state. */
const updates = 30_000;

const arrivalsTried: readonly Arrivals[] = [
  { kind: 'poisson', perSecond: 0.2 },
  { kind: 'poisson', perSecond: 2 },
  { kind: 'poisson', perSecond: 20 },
  { kind: 'bursts', perSecond: 0.5, size: 6, gapMs: 70 },
  { kind: 'bursts', perSecond: 3, size: 3, gapMs: 0 },
  // No whole multiple of any interval below, so that nothing keeps in step.
  { kind: 'constant', perSecond: Math.PI },
  { kind: 'trace', instantsMs: [0, 11, 450, 451, 3100, 3733], lengthMs: 5003.7 },
];

const conditionsTried: readonly Omit<Conditions, 'arrivals' | 'semantics'>[] = [
  { pollIntervalMs: 250, holdMs: 25_000, heartbeatMs: 25_000, roundTripMs: 0, oneWayMs: 0.3 },
  { pollIntervalMs: 1000, holdMs: 2_000, heartbeatMs: 4_000, roundTripMs: 40, oneWayMs: 20 },
  { pollIntervalMs: 2003, holdMs: 700, heartbeatMs: 900, roundTripMs: 200, oneWayMs: 100 },
  // Polls that wait for the answer to the one before.
  { pollIntervalMs: 90, holdMs: 500, heartbeatMs: 300, roundTripMs: 200, oneWayMs: 100 },
];

const cases = arrivalsTried.flatMap((arrivals) =>
  conditionsTried.flatMap((given) =>
    (['every', 'latest'] as const).map((semantics): Conditions => ({ ...given, arrivals, semantics })),
  ),
);

function titleOf({ arrivals, semantics, pollIntervalMs, roundTripMs }: Conditions): string {
  const rate = arrivals.kind === 'trace' ? '' : ` ${arrivals.perSecond.toFixed(1)}/s`;
  return `${arrivals.kind}${rate}, ${semantics}, P ${pollIntervalMs} ms, R ${roundTripMs} ms`;
}

function scheduleOf(arrivals: Arrivals): Schedule {
  const durationMs = Math.ceil((1000 * updates) / ratePerSecond(arrivals));
  const instantsUs = arrivalInstantsUs(arrivals, durationMs * 1000, randomFrom(seedFrom('monte-carlo', arrivals.kind)));
  return { instantsMs: instantsUs.map((us) => us / 1000), durationMs };
}

const schedules = new Map(arrivalsTried.map((arrivals) => [arrivals, scheduleOf(arrivals)]));

/** Relative, or absolute where the value is near zero. */
function assertNear(what: string, found: number, expected: number, relative: number, absolute: number): void {
  const allowed = Math.max(Math.abs(expected) * relative, absolute);
  assert.ok(Math.abs(found - expected) <= allowed, `${what}: played ${found}, by formula ${expected}`);
}

function assertAgree(played: Replay, expected: Expectation, durationMs: number): void {
  const { latenciesMs, stalenessMs, staleMs, requests, emptyAnswers, heldAnswers } = played;
  const latency = observed(latenciesMs);
  assertNear('mean latency', latency.meanMs, expected.latency.meanMs, 0.02, 0.05);
  for (const share of [0.1, 0.5, 0.95]) {
    // The range of all latencies is the scale of an error here: some distributions have a step.
    const scale = latency.quantileMs(0.999) - latency.quantileMs(0.001);
    assertNear(
      `quantile ${share}`,
      latency.quantileMs(share),
      expected.latency.quantileMs(share),
      0,
      0.04 * scale + 0.05,
    );
  }
  assertNear('mean staleness', observed(stalenessMs).meanMs, expected.staleness.meanMs, 0.02, 0.05);
  assertNear('stale fraction', staleMs / durationMs, expected.staleFraction, 0.02, 0.002);
  assertNear('deliveries', (1000 * latenciesMs.length) / durationMs, expected.deliveriesPerSecond, 0.015, 0);
  assertNear('requests', (1000 * requests) / durationMs, expected.requestsPerSecond, 0.015, 0);
  if (requests > 0) assertNear('empty', emptyAnswers / requests, expected.emptyShare, 0.02, 0.005);
  if (requests > 0) assertNear('held', heldAnswers / requests, expected.heldShare, 0.02, 0.005);
}

type Compared = {
  readonly name: string;
  readonly model: (conditions: Conditions) => Expectation;
  readonly play: (schedule: Schedule, conditions: Conditions) => Replay;
  readonly covers: (arrivals: Arrivals) => boolean;
};

const compared: readonly Compared[] = [
  {
    name: 'short polling',
    model: shortPolling,
    play: (schedule, conditions) => replayShortPolling(schedule, conditions, 17),
    covers: () => true,
  },
  // It has no formula for others: the model plays them through itself.
  { name: 'long polling', model: longPolling, play: replayLongPolling, covers: ({ kind }) => kind === 'poisson' },
  { name: 'a stream', model: stream, play: replayStream, covers: () => true },
];

for (const { name, model, play, covers } of compared) {
  describe(`${name} by formula is as played through`, () => {
    for (const conditions of cases.filter(({ arrivals }) => covers(arrivals))) {
      test(titleOf(conditions), () => {
        const schedule = schedules.get(conditions.arrivals)!;
        assertAgree(play(schedule, conditions), model(conditions), schedule.durationMs);
      });
    }
  });
}
