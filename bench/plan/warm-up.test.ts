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
    assert.ok(operationsPerSecond(warm) * 5 >= wantedOperations * 0.999, scenario.name);
  }
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
