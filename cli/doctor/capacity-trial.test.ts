import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMisfitOf, misfitOf, windowMisfitOf } from '../../scenarios/file/rules.ts';
import { channelCount } from '../../scenarios/scenario.ts';
import { capacityTrial, capacityWorkload, fanOut } from './capacity-trial.ts';

test('each rate is a trial that pvw run would not refuse: WebSocket, every update, on loopback', () => {
  for (const rate of [250, 5_657, 100_000]) {
    const { planned, transport, rttMs, route, repeat } = capacityTrial(rate, 0);
    const { scenario, durationMs, warmupMs } = planned;
    assert.deepEqual(
      [misfitOf(scenario), loadMisfitOf(scenario), windowMisfitOf(scenario, durationMs)],
      [undefined, undefined, undefined],
    );
    assert.deepEqual([transport, rttMs, route.proxy, repeat], ['websocket', 0, null, 1]);
    assert.deepEqual([scenario.semantics, scenario.encoding, durationMs, warmupMs], ['every', 'json', 2_000, 2_000]);
    assert.deepEqual(scenario.arrivals, { kind: 'poisson', perSecond: rate / 10 });
  }
});

test('each step is a block of its own', () => {
  assert.deepEqual(
    [0, 1, 2].map((step) => capacityTrial(250, step)).map(({ block, position }) => [block, position]),
    [
      [0, 0],
      [1, 0],
      [2, 0],
    ],
  );
});

test('the clients that an update goes to are those of one channel', () => {
  const { scenario } = capacityTrial(250, 0).planned;
  assert.equal(fanOut, scenario.clients / channelCount(scenario));
  assert.equal(capacityWorkload, 'each to 20 of 200 clients, over WebSocket on loopback');
});
