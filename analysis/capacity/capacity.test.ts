import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import { type CompletedTrial, trialRecord } from '../../results/schema/schema.ts';
import { searchedRun } from '../../testing/synthetic/synthetic-search.ts';
import { capacityOf, loadsOf, stepAfter, windowAt, windowsOfCrew } from './capacity.ts';

describe('a search over clients that a server carries up to 130', () => {
  const run = searchedRun({ over: 'clients', least: 20, most: 2000 }, { sse: 130, websocket: 260 });
  const found = capacityOf(run);

  test('finds bounds within 5% for each transport, and what the limit was', () => {
    assert.deepEqual(
      found.map(({ transport, search, result, limit }) => [transport, search, result.kind, limit]),
      [
        ['sse', 0, 'regular', 'server'],
        ['websocket', 0, 'regular', 'server'],
      ],
    );
    for (const [place, capacity] of [130, 260].entries()) {
      const { lower, upper } = found[place]!.result;
      assert.ok(lower! <= capacity && capacity < upper! && upper! / lower! < 1.06, `${lower} to ${upper}`);
    }
  });

  test('delivers all in time at what it carries, with the load side below its limit', () => {
    const [sse] = found;
    assert.equal(sse!.conditional, sse!.result.lower);
    assert.ok(sse!.loadShare! < 0.9);
    assert.equal(Math.round(sse!.bestMs!), 20);
    assert.ok(sse!.interval!.low <= 130 && sse!.interval!.high >= 130);
  });

  test('measures nothing more after that', () => {
    const { capacity, scenarios } = run.record.plan;
    const own = run.trials.filter(({ transport }) => transport === 'sse');
    const step = stepAfter(capacity!, scenarios[0]!.scenario as never, own, false);
    assert.equal(step.kind, 'done');
    for (const trial of run.trials) trialRecord.parse(trial);
  });
});

test('what the least load does not keep to is the answer, with the best that was seen', () => {
  const [found] = capacityOf(searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 1 }));
  assert.deepEqual([found!.result.kind, found!.result.upper, found!.conditional], ['none-carried', 5, undefined]);
  assert.equal(Math.round(found!.bestMs!), 400);
});

test('where the load side is full first, the limit is named', () => {
  const [found] = capacityOf(searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 100 }, { loadShare: 0.93 }));
  assert.equal(found!.limit, 'load');
});

test('without time for more a search has what it saw at a first look', () => {
  const run = searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 100 }, { mostWindows: 25 });
  const [found] = capacityOf(run);
  assert.equal(found!.result.kind, 'unfinished');
  assert.ok(found!.rough.lower! < 100 && found!.rough.upper! > 100);
});

test('the ceiling of an endpoint is no window', () => {
  const run = searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 100 });
  const [first] = run.trials as readonly [CompletedTrial];
  const closedLoop = { connections: 20, seconds: 5, requestsPerSecond: 9000, failed: 0, serverCpuMs: 4900 };
  const [found] = capacityOf({ ...run, trials: [...run.trials, { ...first, closedLoop }] });
  const windows = found!.readings.reduce((sum, reading) => sum + reading.windows.length, 0);
  assert.deepEqual([windows, found!.closedLoop], [run.trials.length, closedLoop]);
});

test('loads are whole clients, each once, or rates of four digits', () => {
  const plan = (over: CapacityPlan['over']): CapacityPlan => ({
    objective: { quantile: 0.99, limitMs: 250 },
    over,
    least: 10,
    most: 20,
    mostBy: '--to',
    searches: 1,
    withinMs: 60_000,
  });
  assert.deepEqual(loadsOf(plan('clients')), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  assert.deepEqual(loadsOf(plan('rate')).slice(0, 4), [10, 10.25, 10.51, 10.77]);
  const { scenarios } = searchedRun({ over: 'rate', least: 5, most: 500 }, {}).record.plan;
  const scenario = { ...scenarios[0]!.scenario, channels: 2 } as never;
  // 100 updates in two channels.
  assert.deepEqual([windowAt(plan('rate'), scenario, 5), windowAt(plan('clients'), scenario, 7)], [10_000, 5_000]);
  // Of 3 and of 5 windows that decide: three sets of processes.
  assert.deepEqual([windowsOfCrew(plan('rate'), scenario, 5), windowsOfCrew(plan('clients'), scenario, 7)], [1, 2]);
});
