import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadsOf } from '../../analysis/capacity/capacity.ts';
import type { MachineLimits } from '../../bench/plan/capacity.ts';
import { UsageError } from '../../text/usage-error.ts';
import { type CapacityOptions, capacityGroups, capacityOptions } from './capacity-options.ts';
import { capacityRequested } from './capacity-request.ts';

const limits: MachineLimits = { openFiles: 20_000, ephemeralPorts: 28_000, memoryBytes: 8 * 2 ** 30 };
const slo = { quantile: 0.99, limitMs: 250 };

function requested(options: CapacityOptions, scenario = 'chat-room') {
  return capacityRequested(scenario, options, limits);
}

test('by default a search goes from the load of the scenario to what the machine holds, without delay', () => {
  const { plan, planAt } = requested({ slo, over: 'clients' });
  const { least, most, mostBy, searches, withinMs } = plan.capacity;
  assert.deepEqual([least, searches, withinMs, plan.rttMs], [100, 1, 3_600_000, 0]);
  // Over HTTP a chat client has two connections.
  assert.ok(most > 5_800 && most < 6_000, String(most));
  assert.match(mostBy, /^--clients: \d+ clients of chat-room do not fit: of 28000 local ports/);
  const [planned] = planAt(250).scenarios;
  assert.deepEqual([planned!.scenario.clients, planned!.point, planned!.repeats], [250, { clients: 250 }, 1]);
  // Ten rooms with a message a second: 100 updates take ten seconds.
  assert.equal(planned!.durationMs, 10_000);
});

test('over a rate each window has 100 updates, and lasts a second at least', () => {
  const { plan, planAt } = requested({ slo, over: 'rate', from: 2, to: 50, searches: 3, within: 600_000, rtt: 40 });
  assert.deepEqual(plan.capacity.mostBy, '--to');
  assert.deepEqual([plan.capacity.searches, plan.rttMs], [3, 40]);
  assert.deepEqual([loadsOf(plan.capacity)[0], planAt(2).scenarios[0]!.durationMs], [2, 5_000]);
  assert.equal(planAt(50).scenarios[0]!.durationMs, 1_000);
});

describe('refused', () => {
  const refused: readonly (readonly [CapacityOptions, RegExp])[] = [
    [{ over: 'rate' }, /^--slo: say what has to hold, such as 'latency\.p99<250ms'$/],
    [{ slo }, /^--over: say what is raised: clients or rate$/],
    [{ slo, over: 'rate', rate: 5 }, /^--rate: is what --over rate raises; give --from instead$/],
    [{ slo, over: 'clients', clients: 5 }, /^--clients: is what --over clients raises; give --from instead$/],
    [{ slo, over: 'rate', trace: 'x.txt' }, /^--over: rate cannot be raised beside --trace/],
    [
      { slo, over: 'clients', from: 5 },
      /^--from: at 5: --clients: "5" is fewer than chat-room's channels; give at least 10/,
    ],
    [{ slo, over: 'clients', to: 90_000 }, /^--to: at 90000: --clients: 90000 clients of chat-room do not fit/],
    [{ slo, over: 'rate', from: 5, to: 5 }, /^--to: 5 leaves no range above 5; give more, or a smaller --from$/],
    [
      { slo, over: 'clients', rate: 0.01 },
      /^--slo: a window of enough updates lasts 1000s, and a search takes dozens, more than the 1 h of --within; give a h/,
    ],
  ];
  for (const [options, message] of refused) {
    test(String(message), () =>
      assert.throws(
        () => requested(options),
        (error) => error instanceof UsageError && (message.test(error.message) || assert.fail(error.message)),
      ),
    );
  }
});

describe('an objective', () => {
  const objective = capacityOptions.slo!.parse!('--slo');

  test('is a percentile of latency and a time', () => {
    assert.deepEqual(objective('latency.p99<250ms'), slo);
    assert.deepEqual(objective(' latency.p99.9 < 1.5 s'), { quantile: 0.999, limitMs: 1500 });
    assert.deepEqual(objective('latency.p50<500us'), { quantile: 0.5, limitMs: 0.5 });
  });

  for (const text of [
    'latency.p98<1s',
    'latency.p99<=1s',
    'latency.p99<1',
    'p99<1s',
    'stale<5%',
    'sse.latency.p99<1s',
    '',
  ]) {
    test(`"${text}" is none`, () =>
      assert.throws(() => objective(text), /^UsageError: --slo: .*such as latency\.p99<250ms$/));
  }

  test('within no time cannot be met', () => {
    assert.throws(() => objective('latency.p99<0ms'), /--slo: no update arrives within 0 ms/);
  });
});

test('options that a search decides by itself are not there', () => {
  for (const key of ['repeats', 'duration', 'aa', 'paths', 'storm', 'profile', 'threshold']) {
    assert.ok(!(key in capacityOptions), key);
  }
  assert.deepEqual(Object.keys(capacityGroups)[0], 'Search');
});
