import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transports } from '../../protocol/transport.ts';
import { findScenario, scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { estimateMs } from './estimate.ts';
import { eachTrial, type Plan } from './plan.ts';
import { type ProfileName, plannedBy, profileNames, profiles, withTimesOf } from './profiles.ts';

function planOf(name: ProfileName): Plan {
  const profile = profiles[name];
  return {
    profile: name,
    seed: 'seed',
    transports,
    rttMs: profile.rttMs,
    scenarios: plannedBy(profile),
    ...(profile.routes && { routes: profile.routes }),
  };
}

test('the profiles keep the times they promise on two cores', () => {
  const promisedMs: Readonly<Record<ProfileName, number>> = {
    smoke: 30_000,
    quick: 360_000,
    full: 2_400_000,
    paths: 1_500_000,
  };
  for (const name of profileNames) {
    const estimate = estimateMs(eachTrial(planOf(name)));
    assert.ok(estimate <= promisedMs[name], `${name}: ${estimate} ms`);
    assert.ok(estimate >= promisedMs[name] / 2, `${name} leaves half its time unused: ${estimate} ms`);
  }
});

test('quick judges the chat room, and shows the cost of freshness, game and live stream once', () => {
  assert.deepEqual(
    plannedBy(profiles.quick).map(({ scenario, repeats }) => [scenario.name, repeats]),
    [
      ['chat-room', 5],
      ['dashboard', 1],
      ['online-game', 1],
      ['live-stream', 1],
    ],
  );
});

test('full has every scenario often enough for verdicts', () => {
  const planned = plannedBy(profiles.full);
  assert.deepEqual(
    planned.map(({ scenario }) => scenario),
    scenarios,
  );
  assert.ok(planned.every(({ repeats }) => repeats >= 3));
});

test('a scenario asked for by name gets the times of the profile, not of its place in it', () => {
  const game = findScenario('online-game')!;
  assert.equal(withTimesOf(profiles.quick, game).repeats, 5);
});

test('the window of sparse scenarios holds one whole heartbeat', () => {
  const sparse = findScenario('notifications')!;
  assert.equal(withTimesOf(profiles.quick, sparse).durationMs, sparse.heartbeatMs);
  assert.equal(withTimesOf(profiles.smoke, sparse).durationMs, profiles.smoke.times.durationMs);
});
