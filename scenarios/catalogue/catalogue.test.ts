import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimumBytes } from '../payload/payloads.ts';
import { ratePerSecond } from '../scenario.ts';
import { findScenario, scenarios } from './catalogue.ts';

test('finds scenarios by name only', () => {
  assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
  for (const scenario of scenarios) assert.equal(findScenario(scenario.name), scenario);
  assert.equal(findScenario('Chat room'), undefined);
});

for (const scenario of scenarios) {
  test(`${scenario.name}: its parts fit together`, () => {
    const { clients, channels, payload, inputs, pollIntervalMs, holdMs, heartbeatMs } = scenario;
    assert.match(scenario.name, /^[a-z]+(-[a-z]+)*$/);
    assert.equal(clients % channels, 0, 'every channel has the same number of clients');
    for (const { kind, bytes } of [payload, ...(inputs ? [inputs.payload] : [])])
      assert.ok(bytes >= minimumBytes[kind]);
    assert.ok(pollIntervalMs > 0 && holdMs > 0 && heartbeatMs > 0);
  });

  test(`${scenario.name}: two cores carry it with room to spare`, () => {
    // Measured on the load side: about 100 µs of CPU per delivery, relay included, and 150 µs per poll or publish.
    const { clients, channels, arrivals, inputs, origin, pollIntervalMs } = scenario;
    const deliveries = clients * ratePerSecond(arrivals);
    const updates = origin === 'client' ? channels * ratePerSecond(arrivals) : 0;
    const sent = updates + (inputs ? clients * ratePerSecond(inputs.arrivals) : 0);
    const polls = (clients / pollIntervalMs) * 1000;
    assert.ok(deliveries * 100e-6 + (polls + sent) * 150e-6 < 0.25);
  });
}
