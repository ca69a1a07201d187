import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLink } from '../../network/link/path.ts';
import { directRoute, type Route } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import type { Point } from '../../scenarios/point.ts';
import { eachTrial, type Plan, type PlannedScenario, planTrials, trialsOfCrew } from './plan.ts';

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

test('the points of a shuffled plan come in random order, in each repeat another, and each once', () => {
  const plan = planWith([3]);
  const points = Array.from({ length: 12 }, (_, place) => ({ ...plan.scenarios[0]!, point: { clients: 10 + place } }));
  const ordersOf = (given: Partial<Plan>) => {
    const blocks = planTrials({ ...plan, scenarios: points, ...given }).filter(({ position }) => position === 0);
    return [0, 1, 2].map((repeat) =>
      blocks.filter((each) => each.repeat === repeat).map(({ point }) => point.clients!),
    );
  };
  const asPlanned = points.map(({ point }) => point.clients);
  assert.deepEqual(ordersOf({}), [asPlanned, asPlanned, asPlanned]);
  const orders = ordersOf({ shuffled: true });
  for (const order of orders) assert.deepEqual([...order].sort(), asPlanned);
  assert.equal(new Set([asPlanned, ...orders].map(String)).size, 4);
  assert.deepEqual(ordersOf({ shuffled: true }), orders);
  assert.notDeepEqual(ordersOf({ shuffled: true, seed: 'another' }), orders);
});

test('a cookie of a point goes with each request, and its path keeps its name', () => {
  const plan = planWith([1]);
  const scenarios = [{ ...plan.scenarios[0]!, point: { cookieBytes: 600 }, cookieBytes: 600 }];
  const [trial] = planTrials({ ...plan, scenarios });
  assert.deepEqual([trial!.route.cookieBytes, trial!.pathName], [600, 'direct']);
  assert.equal(planTrials(plan)[0]!.pathName, undefined);
});

test('a plan without scenarios has no trials', () => {
  assert.deepEqual(planTrials(planWith([])), []);
});

const times = { repeats: 2, durationMs: 1_000, warmupMs: 0 };

/** The same scenario at this rate, on the connections of the planned scenario before it. */
function goingOn(perSecond: number, given: Partial<PlannedScenario['scenario']> = {}): PlannedScenario {
  const scenario = { ...first!, arrivals: { kind: 'poisson', perSecond }, ...given } as const;
  return { ...times, scenario, point: { perSecond }, goesOn: true };
}

/** Two points of one scenario on the same connections, then another scenario by itself. */
const groupPlan: Plan = {
  ...planWith([]),
  transports: ['sse', 'websocket'],
  scenarios: [{ ...times, scenario: first!, point: { perSecond: 1 } }, goingOn(5), { ...times, scenario: second! }],
};

test('trials that go on with the processes of another are in its `further`, in the order of their windows', () => {
  const crews = planTrials(groupPlan);
  assert.deepEqual(
    crews.map((head) => trialsOfCrew(head).map(({ block, point, repeat }) => [block, point.perSecond, repeat])),
    [
      [
        [0, 1, 0],
        [1, 5, 0],
      ],
      [
        [0, 1, 0],
        [1, 5, 0],
      ],
      [[2, undefined, 0]],
      [[2, undefined, 0]],
      [
        [3, 1, 1],
        [4, 5, 1],
      ],
      [
        [3, 1, 1],
        [4, 5, 1],
      ],
      [[5, undefined, 1]],
      [[5, undefined, 1]],
    ],
  );
  assert.ok(crews.every((head) => 'further' in head === (head.planned.scenario === first)));
});

test('a crew is one transport, in the same position in each of its blocks; each block has a seed of its own', () => {
  for (const head of planTrials(groupPlan)) {
    for (const { transport, position } of head.further ?? []) {
      assert.deepEqual([transport, position], [head.transport, head.position]);
    }
  }
  const seeds = new Map(eachTrial(groupPlan).map(({ block, seed }) => [block, seed]));
  assert.deepEqual(
    [...seeds.values()],
    [
      `seed/${first!.name}@perSecond=1/0`,
      `seed/${first!.name}@perSecond=5/0`,
      `seed/${second!.name}/0`,
      `seed/${first!.name}@perSecond=1/1`,
      `seed/${first!.name}@perSecond=5/1`,
      `seed/${second!.name}/1`,
    ],
  );
});

test('the order of transports in a group is drawn by its head alone, so that each comes first at times', () => {
  const many = { ...groupPlan, scenarios: groupPlan.scenarios.map((each) => ({ ...each, repeats: 20 })) };
  const alone = { ...many, scenarios: many.scenarios.slice(0, 1) };
  const orderOf = (plan: Plan) =>
    planTrials(plan).flatMap(({ planned, point, transport }) =>
      planned.scenario === first && point.perSecond === 1 ? transport : [],
    );
  assert.deepEqual(orderOf(many), orderOf(alone));
  assert.equal(new Set(orderOf(many).filter((_, i) => i % 2 === 0)).size, 2);
});

test('one by one, trials come in the order of their records', () => {
  assert.deepEqual(
    eachTrial(groupPlan).map(({ block }) => block),
    [0, 1, 0, 1, 2, 2, 3, 4, 3, 4, 5, 5],
  );
  assert.deepEqual(eachTrial(planWith([2, 1])), planTrials(planWith([2, 1])));
});

test('rate, payload, polling interval and window may differ on the same connections', () => {
  const other = goingOn(5, {
    payload: { kind: 'quotes', bytes: 300 },
    pollIntervalMs: 77,
    title: 'Other',
    summary: '',
  });
  planTrials({ ...groupPlan, scenarios: [groupPlan.scenarios[0]!, { ...other, durationMs: 77 }] });
});

const messages = { arrivals: { kind: 'poisson', perSecond: 1 }, payload: { kind: 'notice', bytes: 100 } } as const;

for (const [field, given] of [
  ['name', { name: 'other' }],
  ['clients', { clients: first!.clients + 1 }],
  ['channels', { channels: first!.channels + 1 }],
  ['origin', { origin: first!.origin === 'server' ? 'client' : 'server' }],
  ['semantics', { semantics: first!.semantics === 'every' ? 'latest' : 'every' }],
  ['encoding', { encoding: first!.encoding === 'json' ? 'binary' : 'json' }],
  ['echo', { echo: !first!.echo }],
  ['inputs', { inputs: messages }],
  ['broadcast', { broadcast: messages }],
  ['pollCohortsMs', { pollCohortsMs: [100, 200] }],
  ['holdMs', { holdMs: 77 }],
  ['heartbeatMs', { heartbeatMs: 77 }],
] as const) {
  test(`${field} may not change on the same connections`, () => {
    const scenarios = [groupPlan.scenarios[0]!, goingOn(5, given)];
    const message = new RegExp(`goes on with the planned scenario before it: ${field} is not as there$`);
    assert.throws(() => planTrials({ ...groupPlan, scenarios }), message);
  });
}

test('inputs and broadcasts may change, if there are some in each window', () => {
  const scenario = { ...first!, inputs: messages };
  const faster = { ...messages, arrivals: { kind: 'poisson', perSecond: 5 } } as const;
  const head = { ...times, scenario, point: { perSecond: 1 } };
  planTrials({ ...groupPlan, scenarios: [head, goingOn(5, { inputs: faster })] });
  assert.throws(() => planTrials({ ...groupPlan, scenarios: [head, goingOn(5)] }), /: inputs is not as there$/);
});

for (const [why, given] of [
  ['link is not as there', { link: plainLink(90) }],
  ['repeats is not as there', { repeats: 3 }],
  ['warmupMs is not 0, and only the first is warmed up', { warmupMs: 1 }],
  ['point is that of an earlier one', { point: { perSecond: 1 } }],
] as const) {
  test(`a planned scenario that goes on is refused: ${why}`, () => {
    const scenarios = [groupPlan.scenarios[0]!, { ...goingOn(5), ...given }];
    assert.throws(() => planTrials({ ...groupPlan, scenarios }), { message: new RegExp(`: ${why}$`) });
  });
}

test('the first planned scenario has none to go on with, and none goes on after a storm', () => {
  assert.throws(() => planTrials({ ...groupPlan, scenarios: [goingOn(5)] }), /: there is none before it$/);
  const storm = { ...groupPlan, storm: 'node-killed' } as const;
  assert.throws(() => planTrials(storm), /^Error: storm: no planned scenario may go on after it$/);
  planTrials({ ...storm, scenarios: groupPlan.scenarios.filter(({ goesOn }) => !goesOn) });
});

test('windows of a group come in random order, and whichever is first starts the processes', () => {
  const [planned] = planWith([4]).scenarios;
  const windows = Array.from({ length: 6 }, (_, place) => ({
    ...planned!,
    point: { updatesPerSecond: place + 1 },
    ...(place > 0 && { warmupMs: 0, goesOn: true as const }),
  }));
  const crews = planTrials({ ...planWith([4]), transports: ['sse'], scenarios: windows, shuffled: true }).map(
    trialsOfCrew,
  );
  const orders = crews.map((crew) => crew.map(({ point }) => point.updatesPerSecond));
  for (const order of orders) assert.deepEqual([...order].sort(), [1, 2, 3, 4, 5, 6]);
  assert.equal(new Set(orders.map(String)).size, 4);
  for (const [head, ...further] of crews) {
    assert.deepEqual([head.planned.warmupMs, head.planned.goesOn], [500, undefined]);
    assert.ok(further.every(({ planned: each }) => each.warmupMs === 0 && each.goesOn));
  }
});
