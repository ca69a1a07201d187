import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CapacityLimit, CapacityStep } from './capacity-step.ts';
import { capacityText, stepText } from './capacity-text.ts';

const shared = { share: 0.96, names: ['load-1', 'source'] };

function step(updatesPerSecond: number, limit: CapacityLimit | null = null): CapacityStep {
  const deliveries = updatesPerSecond * 20;
  const cores = { load: { ...shared, share: 0.41 }, source: null, server: { share: 0.352, names: ['server'] } };
  return {
    updatesPerSecond,
    offeredPerSecond: deliveries,
    carriedPerSecond: deliveries,
    missingShare: 0,
    p99Ms: 3.21,
    cores,
    limit,
  };
}

test('a line for each step, with its limit', () => {
  const carried = '4,000 updates/s: 80,000 deliveries/s, p99 3.21 ms; busiest cores: load side 41%, server 35%';
  assert.equal(stepText(step(4_000)), carried);
  assert.equal(
    stepText(step(4_000, { what: 'load', core: shared })),
    `${carried}; the load side's core (load-1, source) is full`,
  );
  const failed = { what: 'failed', stage: 'connect', reason: 'no\nroom' } as const;
  assert.match(stepText(step(250, failed)), /^250 updates\/s: failed: connect: no.+room$/);
});

test('the result: what was carried, and what limited first', () => {
  assert.equal(
    capacityText([step(4_000), step(8_000, { what: 'server', core: { share: 0.93, names: ['server'] } })]),
    'carried: 80,000 deliveries/s (4,000 updates/s, each to 20 of 200 clients, over WebSocket on loopback); ' +
      'busiest cores: load side 41%, server 35%\n' +
      "first limit, at 8,000 updates/s: the server's core (server) is full; busiest cores: load side 41%, server 35%\n",
  );
});

test('the result where nothing was carried, and where nothing was full', () => {
  const [first, second] = capacityText([step(250, { what: 'lag', missingShare: 0.125 })]).split('\n');
  assert.equal(
    first,
    'carried: not even 5,000 deliveries/s (250 updates/s, each to 20 of 200 clients, over WebSocket on loopback)',
  );
  assert.match(
    second!,
    /^first limit, at 250 updates\/s: deliveries lag behind, 13% were missing at the end, and no core/,
  );
  assert.match(capacityText([step(250)]), /\nfirst limit: none was found in the time\n$/);
});

test('lateness is told in milliseconds', () => {
  const text = (limit: CapacityLimit) => stepText(step(250, limit));
  assert.match(
    text({ what: 'lateness', earlyMs: 4, lateMs: 15 }),
    /longer and longer, 4\.00 ms at first and 15\.0 ms /,
  );
  assert.match(text({ what: 'source-late', p99Ms: 12 }), /updates leave the source late, p99 12\.0 ms/);
});
