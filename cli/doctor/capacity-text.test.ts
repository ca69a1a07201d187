import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Climbed } from './capacity-ladder.ts';
import type { CapacityStep, MeasuredLimit, StepFailure } from './capacity-step.ts';
import { capacityText, failureText, stepText } from './capacity-text.ts';

const shared = { share: 0.96, names: ['load-1', 'source'] };

function step(updatesPerSecond: number, limit: MeasuredLimit | null = null): CapacityStep {
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

const undelivered: CapacityStep = {
  updatesPerSecond: 8_000,
  offeredPerSecond: 160_000,
  carriedPerSecond: null,
  missingShare: null,
  p99Ms: null,
  cores: null,
  limit: { what: 'undelivered', stage: 'drain', reason: 'counters still move after 20000 ms' },
};
const full: MeasuredLimit = { what: 'server', core: { share: 0.93, names: ['server'] } };
const failure: StepFailure = { updatesPerSecond: 5_657, stage: 'start', reason: 'no\nroom' };

/** The lines of the result, without that at their end. */
function result(steps: readonly CapacityStep[], end: Partial<Climbed> = {}): readonly string[] {
  const lines = capacityText({ steps, failure: null, unfinished: null, ...end }).split('\n');
  assert.equal(lines.pop(), '');
  return lines;
}

test('a line for each step, with its limit', () => {
  const carried = '4,000 updates/s: 80,000 deliveries/s, p99 3.21 ms; busiest cores: load side 41%, server 35%';
  assert.equal(stepText(step(4_000)), carried);
  assert.equal(
    stepText(step(4_000, { what: 'load', core: shared })),
    `${carried}; the load side's core (load-1, source) is full`,
  );
  assert.equal(
    stepText(undelivered),
    '8,000 updates/s: updates were not delivered in time: drain: counters still move after 20000 ms',
  );
});

test('a failure is told with its step, its stage and its reason, in one line', () => {
  assert.match(failureText(failure), /^the step at 5,657 updates\/s failed: start: no.+room$/);
});

const carriedLine =
  'carried: 80,000 deliveries/s (4,000 updates/s, each to 20 of 200 clients, over WebSocket on loopback); ' +
  'busiest cores: load side 41%, server 35%';
const fullLine =
  "first limit, at 8,000 updates/s: the server's core (server) is full; busiest cores: load side 41%, server 35%";

test('the result: what was carried, and what limited first', () => {
  assert.deepEqual(result([step(4_000), step(8_000, full)]), [carriedLine, fullLine]);
  assert.deepEqual(result([step(4_000), undelivered]), [
    carriedLine,
    'first limit, at 8,000 updates/s: updates were not delivered in time: drain: counters still move after 20000 ms',
  ]);
});

test('the result where nothing was carried, and where nothing was full', () => {
  const [first, second] = result([step(250, { what: 'lag', missingShare: 0.125 })]);
  assert.equal(
    first,
    'carried: not even 5,000 deliveries/s (250 updates/s, each to 20 of 200 clients, over WebSocket on loopback)',
  );
  assert.match(
    second!,
    /^first limit, at 250 updates\/s: deliveries lag behind, 13% were missing at the end, though our processes fill no core/,
  );
  assert.deepEqual(result([step(4_000)]), [carriedLine, 'first limit: none was found in the time']);
});

test('the result of a climb that a failure ended: it is no limit', () => {
  assert.deepEqual(result([step(4_000)], { failure }), [
    carriedLine,
    'first limit: none was found: a failure at 5,657 updates/s ended the climb',
  ]);
  assert.deepEqual(result([step(4_000), step(8_000, full)], { failure }), [
    carriedLine,
    fullLine,
    'a failure at 5,657 updates/s ended the climb',
  ]);
});

test('the result where the time was over in the middle of a step', () => {
  assert.deepEqual(result([step(4_000)], { unfinished: 8_000 }), [
    carriedLine,
    'first limit: none was found in the time, in which the step at 8,000 updates/s did not end',
  ]);
  assert.deepEqual(result([step(4_000), step(8_000, full)], { unfinished: 5_657 }), [carriedLine, fullLine]);
});

test('lateness is told in milliseconds', () => {
  const text = (limit: MeasuredLimit) => stepText(step(250, limit));
  assert.match(
    text({ what: 'lateness', earlyMs: 4, lateMs: 15 }),
    /longer and longer, 4\.00 ms at first and 15\.0 ms /,
  );
  assert.match(text({ what: 'source-late', p99Ms: 12 }), /updates leave the source late, p99 12\.0 ms/);
});
