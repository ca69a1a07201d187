import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import { handPath } from '../../../testing/by-hand/plain-calibration.ts';
import { predictOne } from './predict.ts';
import { predictedCapacity } from './predicted-capacity.ts';

const scenario = { ...plainLoad, clients: 100, channels: 1, arrivals: { kind: 'poisson', perSecond: 1 } } as const;
const question = { scenario, rttMs: 0 };
const objective = { quantile: 0.99, limitMs: 5000 };

test('the model has a core full at what it predicts, and at the ends of the interval of its cores', () => {
  for (const over of ['clients', 'rate'] as const) {
    const found = predictedCapacity('websocket', question, handPath, { over, objective, least: 1 })!;
    const servedAt = (load: number) => {
      const raised =
        over === 'clients' ? { clients: load } : { arrivals: { kind: 'poisson' as const, perSecond: load } };
      return predictOne('websocket', { ...question, nodes: 1, scenario: { ...scenario, ...raised } }, handPath)!;
    };
    assert.ok(found.low < found.value && found.value < found.high);
    for (const [end, of] of [
      ['value', 'value'],
      ['low', 'high'],
      ['high', 'low'],
    ] as const) {
      const [below, beyond] = [servedAt(found[end] * 0.999), servedAt(found[end] * 1.001)];
      assert.ok(below.serverCores[of] <= 1 && below.overload !== 'sends', `${over}, ${end}`);
      assert.ok(beyond.serverCores[of] > 1 || beyond.overload === 'sends', `${over}, ${end}`);
    }
  }
});

test('a server with a quota carries what takes as many CPUs', () => {
  const plan = { over: 'clients', objective, least: 1, serverCpus: 0.5 } as const;
  const { value } = predictedCapacity('websocket', question, handPath, plan)!;
  const servedBy = (clients: number) =>
    predictOne('websocket', { ...question, nodes: 1, scenario: { ...scenario, clients } }, handPath)!.serverCores.value;
  assert.ok(servedBy(value * 0.999) <= 0.5 && servedBy(value * 1.001) > 0.5);
});

test('where polls are further apart than the objective allows nothing is carried', () => {
  const seldom = { ...question, scenario: { ...scenario, pollIntervalMs: 10_000 } };
  const plan = { over: 'clients', objective, least: 1 } as const;
  assert.deepEqual(predictedCapacity('short-polling', seldom, handPath, plan), { value: 0, low: 0, high: 0 });
  const median = { ...plan, objective: { quantile: 0.5, limitMs: 6000 } };
  assert.ok(predictedCapacity('short-polling', seldom, handPath, median)!.value > 0);
});

test('without a calibration of the transport nothing is predicted', () => {
  const { websocket: _, ...transports } = handPath.transports;
  const plan = { over: 'rate', objective, least: 1 } as const;
  assert.equal(predictedCapacity('websocket', question, { ...handPath, transports }, plan), undefined);
});
