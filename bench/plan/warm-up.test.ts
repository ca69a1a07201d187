import assert from 'node:assert/strict';
import { test } from 'node:test';
import { links } from '../../network/link/links.ts';
import { plainLink } from '../../network/link/path.ts';
import { findScenario, scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { operationsPerSecond, wantedOperations, warmUpScenario } from './warm-up.ts';

test('five seconds make enough operations for a verdict, in every scenario', () => {
  for (const scenario of scenarios) {
    const warm = warmUpScenario(scenario, 5000, plainLink(40));
    assert.ok(operationsPerSecond(warm) * 5 >= 12_500, scenario.name);
  }
});

test('a longer warm-up makes more operations, a short one no fewer than a verdict needs', () => {
  assert.deepEqual([1000, 2500, 5000, 12_000].map(wantedOperations), [12_500, 12_500, 25_000, 60_000]);
  const [chat] = scenarios;
  const made = (warmupMs: number) =>
    (operationsPerSecond(warmUpScenario(chat!, warmupMs, plainLink(40))) * warmupMs) / 1000;
  assert.ok(Math.abs(made(1000) / 12_500 - 1) < 1e-9 && Math.abs(made(8000) / 40_000 - 1) < 1e-9);
});

test('a warm-up is never slower than the scenario, keeps its rate within bounds and leaves time for an answer', () => {
  for (const scenario of scenarios) {
    const warm = warmUpScenario(scenario, 1000, plainLink(400));
    assert.ok(ratePerSecond(warm.arrivals) >= ratePerSecond(scenario.arrivals));
    assert.ok(ratePerSecond(warm.arrivals) * scenario.clients * warm.payload.bytes <= 16.1e6, scenario.name);
    assert.ok(warm.pollIntervalMs <= scenario.pollIntervalMs);
    assert.ok(warm.pollIntervalMs >= Math.min(scenario.pollIntervalMs, 1000));
  }
});

test('a warm-up has no broadcasts', () => {
  const crowd = findScenario('crowd')!;
  assert.ok(crowd.broadcast);
  assert.equal('broadcast' in warmUpScenario(crowd, 5_000, plainLink(0)), false);
});

test('on a slow link a warm-up is no faster than the link carries', () => {
  const { conditions } = links.satellite;
  const capacity = conditions.bandwidthBitsPerSecond! / 8;
  for (const scenario of scenarios) {
    const warm = warmUpScenario(scenario, 1000, conditions);
    if (ratePerSecond(warm.arrivals) === ratePerSecond(scenario.arrivals)) continue;
    const bytesPerSecond = ratePerSecond(warm.arrivals) * scenario.clients * warm.payload.bytes;
    assert.ok(bytesPerSecond < capacity / 2, `${scenario.name}: ${bytesPerSecond}`);
  }
});

test('short polls alone are half of the operations, however many deliveries there are', () => {
  const ticker = findScenario('ticker')!;
  const pollsIn = (warmupMs: number, scenario = ticker, link = plainLink(0)) => {
    const { clients, pollIntervalMs } = warmUpScenario(scenario, warmupMs, link);
    return (clients * warmupMs) / pollIntervalMs;
  };
  const many = { ...ticker, clients: 600 };
  assert.ok(Math.abs(pollsIn(20_000, many) / 50_000 - 1) < 1e-9);
  // Not more often than each 100 ms.
  assert.equal(pollsIn(5000), 60 * 50);
  assert.equal(pollsIn(20_000, { ...ticker, clients: 6000 }), 6000 * 40);
  // Half of a link of 200 kB/s carries 200 polls a second.
  assert.equal(pollsIn(20_000, ticker, { ...plainLink(0), bandwidthBitsPerSecond: 1_600_000 }), 200 * 20);

  const cohorts = warmUpScenario({ ...many, pollCohortsMs: [1000, 3000] }, 20_000, plainLink(0)).pollCohortsMs!;
  // 300 clients each second and 300 each three seconds are 400 polls a second, of which 2,500 are wanted.
  assert.deepEqual(cohorts.map(Math.round), [1000 / 6.25, 3000 / 6.25]);
});

test('inputs alone are half of the operations, as far as each is acknowledged before the next', () => {
  const game = findScenario('online-game')!;
  const inputsIn = (warmupMs: number, rttMs: number, perSecond = 0.5) => {
    const scenario = { ...game, inputs: { ...game.inputs!, arrivals: { kind: 'poisson', perSecond } } } as const;
    const { inputs } = warmUpScenario(scenario, warmupMs, plainLink(rttMs));
    return (ratePerSecond(inputs!.arrivals) * game.clients * warmupMs) / 1000;
  };
  assert.ok(Math.abs(inputsIn(20_000, 0) / 50_000 - 1) < 1e-9);
  // 40 clients with 8 a second each.
  assert.ok(Math.abs(inputsIn(5000, 100) / (40 * 8 * 5) - 1) < 1e-9);
  assert.equal(inputsIn(5000, 100, 50), 40 * 50 * 5);
});
