import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { directRoute, type Route, routeName } from '../../network/route/route.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { eachTrial, type Plan, type PlannedTrial, planTrials, trialsOfCrew } from './plan.ts';
import { remainingCrews } from './remaining.ts';

const planned = { scenario: scenarios[0]!, repeats: 2, durationMs: 1000, warmupMs: 500 };
const tls: Route = { ...directRoute, tls: { resumption: true } };

const plan: Plan = {
  profile: 'test',
  seed: 'seed',
  transports: ['sse', 'websocket'],
  rttMs: 40,
  routes: [directRoute, tls],
  scenarios: [
    { ...planned, point: { clients: 10, updatesPerSecond: 1 } },
    { ...planned, point: { clients: 10, updatesPerSecond: 2 }, warmupMs: 0, goesOn: true },
    { ...planned, point: { clients: 10, updatesPerSecond: 3 }, warmupMs: 0, goesOn: true },
    { ...planned, point: { clients: 20 }, cookieBytes: 9 },
  ],
  shuffled: true,
};

/** What identifies the record of a trial, as the bench writes it. */
function recordOf({ block, transport, arm, route, pathName, planned: { cookieBytes } }: PlannedTrial): TrialRecord {
  const name = pathName ?? routeName(route);
  const own = name === 'direct' && cookieBytes === undefined ? {} : { route: { name } };
  return { block, transport, ...(arm && { arm }), path: own } as unknown as TrialRecord;
}

function keysOf(crews: readonly PlannedTrial[]): readonly string[] {
  return crews
    .flatMap(trialsOfCrew)
    .map(({ block, transport, route }) => `${block} ${transport} ${routeName(route)}`)
    .sort();
}

describe('what a stopped run has left', () => {
  const crews = planTrials(plan);
  const all = eachTrial(plan);

  test('is all before the first record, and nothing after the last', () => {
    assert.deepEqual(remainingCrews(crews, []), crews);
    assert.deepEqual(remainingCrews(crews, all.map(recordOf)), []);
  });

  test('with what is done gives each trial of the plan once, wherever it was stopped', () => {
    for (let done = 0; done <= all.length; done++) {
      const left = remainingCrews(crews, all.slice(0, done).map(recordOf));
      assert.deepEqual(
        keysOf([...all.slice(0, done).map(({ further: _, ...trial }) => trial), ...left]),
        keysOf(crews),
      );
    }
  });

  test('starts processes for windows whose processes are gone, with the warm-up of their crew', () => {
    const first = crews.find(({ further }) => further?.length === 2)!;
    const [done, ...rest] = trialsOfCrew(first);
    const [crew] = remainingCrews([first], [recordOf(done)]);
    assert.deepEqual(
      trialsOfCrew(crew!).map(({ point }) => point),
      rest.map(({ point }) => point),
    );
    assert.deepEqual([crew!.planned.warmupMs, crew!.planned.goesOn], [500, undefined]);
    const [last] = remainingCrews([first], [done, rest[0]!].map(recordOf));
    assert.equal(last!.further, undefined);
  });

  test('tells arms apart', () => {
    const pairs = planTrials({ ...plan, transports: ['sse'], routes: [directRoute], aa: true });
    const left = remainingCrews(pairs, trialsOfCrew(pairs[0]!).map(recordOf));
    assert.equal(left.length, pairs.length - 1);
    assert.ok(!left.some(({ block, arm }) => block === pairs[0]!.block && arm === pairs[0]!.arm));
  });
});
