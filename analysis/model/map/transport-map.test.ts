import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plainLoad } from '../../../scenarios/catalogue/plain-load.ts';
import { atRate } from '../../../scenarios/scenario.ts';
import { handCost, handPath, handTransport } from '../../../testing/by-hand/plain-calibration.ts';
import { predictAll } from '../prediction/predict.ts';
import type { Question } from '../prediction/question.ts';
import { coresInAll } from '../prediction/totals.ts';
import { costsWithin } from './transport-cost.ts';
import { cheapestAt, transportMap } from './transport-map.ts';

const question: Question = {
  scenario: { ...plainLoad, clients: 500, channels: 10, arrivals: { kind: 'poisson', perSecond: 1 } },
  rttMs: 40,
};

function at(perSecond: number, toleranceMs: number): Question {
  const { scenario } = question;
  return { ...question, toleranceMs, scenario: { ...scenario, arrivals: atRate(scenario.arrivals, perSecond) } };
}

function assertClose(found: number, expected: number, what: string): void {
  assert.ok(Math.abs(found / expected - 1) < 1e-9, `${what}: ${found}, not ${expected}`);
}

describe('costs', () => {
  test('are those of the prediction, and their parts add up', () => {
    for (const [perSecond, toleranceMs] of [
      [0.01, 60_000],
      [1, 2000],
      [20, 500],
    ] as const) {
      const costs = costsWithin(at(perSecond, toleranceMs), handPath);
      const predicted = predictAll(at(perSecond, toleranceMs), handPath);
      assert.deepEqual(
        costs.map(({ transport }) => transport),
        predicted.map(({ transport }) => transport),
      );
      for (const [place, { wire, cpu, layers, terms }] of costs.entries()) {
        const { upBitsPerSecond, downBitsPerSecond, transport } = predicted[place]!;
        assertClose(wire, (upBitsPerSecond.value + downBitsPerSecond.value) / 8, `${transport}, wire`);
        assertClose(cpu, 1000 * coresInAll(predicted[place]!).value, `${transport}, cpu`);
        assertClose(
          Object.values(layers).reduce((sum, each) => sum + each),
          wire,
          'layers',
        );
        assertClose(
          Object.values(terms).reduce((sum, each) => sum + each),
          cpu,
          'terms',
        );
      }
    }
  });

  test('contain those of a proxy', () => {
    const proxied = { ...handPath, transports: { sse: { ...handTransport, proxy: handCost } } };
    const [cost] = costsWithin(at(1, 2000), proxied);
    assertClose(cost!.cpu, 1000 * coresInAll(predictAll(at(1, 2000), proxied)[0]!).value, 'cpu');
    assert.ok(cost!.terms.fixed === 20);
  });

  test('are of those transports alone that keep to the tolerance', () => {
    // The way is 21 ms and sending, a poll waits for more than that.
    assert.deepEqual(
      costsWithin(at(0.1, 30), handPath).map(({ transport }) => transport),
      ['sse', 'websocket'],
    );
    assert.deepEqual(costsWithin(at(0.1, 10), handPath), []);
  });
});

describe('a map', () => {
  const map = transportMap(question, handPath, {
    perSecond: { least: 0.001, most: 100, count: 11 },
    toleranceMs: { least: 30, most: 30_000, count: 7 },
  });

  test('has steps of equal factors, and the cheapest at each of them', () => {
    assertClose(map.perSecond[1]! / map.perSecond[0]!, 10 ** 0.5, 'rate');
    assertClose(map.tolerancesMs[1]! / map.tolerancesMs[0]!, 10 ** 0.5, 'tolerance');
    assert.deepEqual([map.cells.length, map.cells[0]!.length], [7, 11]);
    for (const cell of map.cells.flat()) {
      const { perSecond, toleranceMs, cheapest } = cell;
      const costs = costsWithin(at(perSecond, toleranceMs), handPath);
      for (const measure of ['wire', 'cpu'] as const) {
        const least = Math.min(...costs.map((each) => each[measure]));
        assert.equal(costs.find(({ transport }) => transport === cheapest[measure])![measure], least);
      }
      assert.deepEqual(cheapestAt(perSecond, toleranceMs, question, handPath), cheapest);
    }
  });

  test('polls are the cheapest on the wire where much happens and much may wait, streams where that may not', () => {
    const [strict, lax] = [map.cells[0]!, map.cells.at(-1)!].map((row) => row.at(-1)!.cheapest.wire);
    assert.equal(lax, 'short-polling');
    assert.ok(strict === 'websocket' || strict === 'sse', strict);
  });

  test('each region has a reason, in a cell of its own', () => {
    for (const measure of ['wire', 'cpu'] as const) {
      const found = new Set(map.cells.flat().map(({ cheapest }) => cheapest[measure]));
      assert.deepEqual(new Set(map.regions[measure].map(({ transport }) => transport)), found);
      for (const { transport, middle, reason } of map.regions[measure]) {
        assert.equal(middle.cheapest[measure], transport);
        assert.match(reason, / than with |no other/);
      }
    }
  });

  test('is empty where nothing keeps to a tolerance', () => {
    const strict = transportMap(question, handPath, {
      perSecond: { least: 1, most: 2, count: 2 },
      toleranceMs: { least: 1, most: 2, count: 2 },
    });
    assert.deepEqual(strict.regions, { wire: [], cpu: [] });
  });
});
