import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLink } from '../../network/link/path.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import type { Point } from '../../scenarios/point.ts';
import { type Plan, planTrials } from './plan.ts';

const [first, second] = scenarios;

function planWith(repeats: readonly number[], seed = 'seed'): Plan {
  return {
    profile: 'test',
    seed,
    transports,
    rttMs: 40,
    scenarios: repeats.map((times, i) => ({
      scenario: scenarios[i]!,
      repeats: times,
      durationMs: 1000,
      warmupMs: 500,
    })),
  };
}

test('every block has each transport once, in positions from 0', () => {
  const trials = planTrials(planWith([3, 1]));
  assert.equal(trials.length, 4 * transports.length);
  for (let block = 0; block < 4; block++) {
    const members = trials.filter((trial) => trial.block === block);
    assert.deepEqual(new Set(members.map(({ transport }) => transport)), new Set(transports));
    assert.deepEqual(
      members.map(({ position }) => position),
      [0, 1, 2, 3],
    );
    assert.equal(new Set(members.map(({ seed }) => seed)).size, 1);
  }
});

test('a block has every transport over every path, so paths are pairs too', () => {
  const encrypted: Route = { ...directRoute, tls: { resumption: true } };
  const trials = planTrials({ ...planWith([2]), routes: [directRoute, encrypted] });
  assert.equal(trials.length, 2 * 2 * transports.length);
  for (let block = 0; block < 2; block++) {
    const members = trials.filter((trial) => trial.block === block);
    const pairs = members.map(({ transport, route }) => `${transport} ${route.tls !== null}`);
    assert.equal(new Set(pairs).size, 2 * transports.length);
    assert.equal(new Set(members.map(({ seed }) => seed)).size, 1);
  }
});

test('a transport against itself runs as both arms in each block, in random order and with one seed', () => {
  const trials = planTrials({ ...planWith([40]), transports: ['sse'], aa: true });
  assert.equal(trials.length, 80);
  const leaders = { A: 0, B: 0 };
  for (let block = 0; block < 40; block++) {
    const [first, second] = trials.filter((trial) => trial.block === block);
    assert.deepEqual([first!.arm, second!.arm].sort(), ['A', 'B']);
    assert.equal(first!.seed, second!.seed);
    leaders[first!.arm!]++;
  }
  // Of 40 fair coins, fewer than 8 of one side come once in 100,000.
  assert.ok(Math.min(leaders.A, leaders.B) >= 8, JSON.stringify(leaders));
});

test('blocks go repeat by repeat, so that the first ones cover every scenario', () => {
  const blocks = planTrials(planWith([3, 1])).filter(({ position }) => position === 0);
  assert.deepEqual(
    blocks.map(({ planned, repeat }) => `${planned.scenario.name} ${repeat}`),
    [`${first!.name} 0`, `${second!.name} 0`, `${first!.name} 1`, `${first!.name} 2`],
  );
});

test('the same seed gives the same trials, another seed another order', () => {
  const orderOf = (seed: string) => planTrials(planWith([12], seed)).map(({ transport }) => transport);
  assert.deepEqual(orderOf('a'), orderOf('a'));
  assert.notDeepEqual(orderOf('a'), orderOf('b'));
});

test('the order within blocks varies: each transport comes first at times', () => {
  const leaders = planTrials(planWith([60])).filter(({ position }) => position === 0);
  assert.deepEqual(new Set(leaders.map(({ transport }) => transport)), new Set(transports));
});

test("a block's seed depends on scenario, point and repeat only, not on what else is planned", () => {
  const seedsOf = (plan: Plan) =>
    new Set(planTrials(plan).flatMap(({ planned, seed }) => (planned.scenario === first ? [seed] : [])));
  assert.deepEqual(seedsOf(planWith([3])), seedsOf(planWith([3, 2])));
  assert.equal(new Set(planTrials(planWith([3, 2])).map(({ seed }) => seed)).size, 5);
});

test('without a point the seed is as in all earlier runs; with one it contains the point', () => {
  const [planned] = planWith([1]).scenarios;
  const seedAt = (point: Point | undefined) =>
    planTrials({ ...planWith([1]), scenarios: [{ ...planned!, ...(point && { point }) }] })[0]!.seed;
  assert.equal(seedAt(undefined), `seed/${first!.name}/0`);
  assert.equal(seedAt({}), `seed/${first!.name}/0`);
  assert.equal(seedAt({ rttMs: 0, clients: 300 }), `seed/${first!.name}@clients=300,rttMs=0/0`);
});

test('one scenario at two points is two blocks a round, each with the link of its point', () => {
  const plan = planWith([2]);
  const [planned] = plan.scenarios;
  const far = { ...planned!, point: { rttMs: 90 }, link: plainLink(90) };
  const near = { ...planned!, point: { rttMs: 40 } };
  const trials = planTrials({ ...plan, link: 'home', scenarios: [near, far] });
  assert.deepEqual(
    trials.filter(({ position }) => position === 0).map(({ block, repeat, point }) => [block, repeat, point.rttMs]),
    [
      [0, 0, 40],
      [1, 0, 90],
      [2, 1, 40],
      [3, 1, 90],
    ],
  );
  assert.equal(new Set(trials.map(({ seed }) => seed)).size, 4);
  for (const { point, rttMs, link, linkName } of trials) {
    assert.deepEqual([rttMs, link.rttMs], [point.rttMs, point.rttMs]);
    // The name belongs to the conditions of the plan.
    assert.equal(linkName, point.rttMs === 40 ? 'home' : undefined);
  }
});

test('a plan without scenarios has no trials', () => {
  assert.deepEqual(planTrials(planWith([])), []);
});
