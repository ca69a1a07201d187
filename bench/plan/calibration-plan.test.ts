import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { calibrationPlan } from './calibration-plan.ts';

const asked = { route: directRoute, seed: 'plan', network: 'isolated' } as const;

test('a calibration with a crowd has four windows of so many clients more, with the load of a core that has room', () => {
  const usual = calibrationPlan(asked).scenarios;
  for (const clients of [2_000, 10_000, 49_999]) {
    const { scenarios } = calibrationPlan({ ...asked, clients });
    assert.deepEqual(scenarios.slice(0, usual.length), usual);
    const crowd = scenarios.slice(usual.length).map(({ scenario }) => scenario);
    assert.deepEqual(
      crowd.map((each) => each.clients),
      Array.from({ length: 4 }, () => clients),
    );
    const rates = crowd.map(({ arrivals, pollIntervalMs }) => [
      Math.round(ratePerSecond(arrivals) * clients),
      Math.round(clients / (pollIntervalMs / 1000)),
    ]);
    assert.deepEqual(rates, [
      [6_000, 1_250],
      [1_200, 2_500],
      [900, 2_500],
      [300, 5_000],
    ]);
    assert.ok(crowd.every(({ channels }) => Number.isInteger(channels)));
  }
});
