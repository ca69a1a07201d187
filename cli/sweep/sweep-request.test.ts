import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { groupsOf } from '../../bench/plan/groups.ts';
import { linkOf, planTrials } from '../../bench/plan/plan.ts';
import { pointKey } from '../../scenarios/point.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import { checkPlan } from '../request/check-plan.ts';
import { ownOptions, type SweepOptions } from './sweep-options.ts';
import { atPoint, pointsRequested, sweepPlan } from './sweep-request.ts';

const limits = { openFiles: 20_000, ephemeralPorts: 60_000, memoryBytes: Number.POSITIVE_INFINITY };

function optionsFor(axes: readonly string[], options: SweepOptions = {}): SweepOptions {
  return { ...options, over: axes.map(ownOptions.over.parse('--over')) };
}

function planned(axes: readonly string[], options: SweepOptions = {}, scenario = 'chat-room') {
  return sweepPlan(pointsRequested(scenario, optionsFor(axes, options)));
}

function complaint(axes: readonly string[], options: SweepOptions = {}, scenario = 'chat-room'): string {
  try {
    for (const { point, plan, request } of pointsRequested(scenario, optionsFor(axes, options))) {
      atPoint(point, () => checkPlan(plan, request, limits));
    }
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  }
  return assert.fail('nothing was refused');
}

describe('the plan of a sweep', () => {
  test('has the scenario at each point, with what the axes set', () => {
    const { scenarios, shuffled } = planned(['clients=60,120', 'rtt=10ms,80ms'], { rate: 0.5 });
    assert.ok(shuffled);
    assert.deepEqual(
      scenarios.map(({ point }) => pointKey(point!)),
      ['clients=60,rttMs=10', 'clients=60,rttMs=80', 'clients=120,rttMs=10', 'clients=120,rttMs=80'],
    );
    assert.deepEqual(
      scenarios.map(({ scenario, point }) => scenario.clients === point!.clients),
      [true, true, true, true],
    );
    assert.ok(scenarios.every(({ scenario }) => ratePerSecond(scenario.arrivals) === 0.5));
  });

  test('has the link of a point with each, and all else as pvw run has it', () => {
    const plan = planned(['rtt=0,80ms', 'loss=0,1%']);
    assert.deepEqual(
      plan.scenarios.map((each) => [linkOf(plan, each).rttMs, linkOf(plan, each).lossShare]),
      [
        [0, 0],
        [0, 0.01],
        [80, 0],
        [80, 0.01],
      ],
    );
  });

  test('gives a cookie to the requests of a point, over the path of the plan', () => {
    const plan = planned(['cookie-bytes=0,600'], { tls: true, transport: ['sse'], repeats: 1 });
    const trials = planTrials(plan);
    assert.deepEqual(
      trials.map(({ point, route, pathName }) => [route.cookieBytes === point.cookieBytes, pathName]),
      [
        [true, 'tls'],
        [true, 'tls'],
      ],
    );
    assert.deepEqual(
      plan.routes?.map(({ cookieBytes }) => cookieBytes),
      [0],
    );
    assert.equal(planned(['cookie-bytes=100,600']).routes, undefined);
  });

  test('keeps processes where only rate, payload or poll interval differ', () => {
    const groups = groupsOf(planned(['rate=1,2,3', 'clients=60,120'], { warmup: 3000 }).scenarios);
    assert.deepEqual(
      groups.map((group) => group.map(({ point }) => pointKey(point!))),
      [
        ['clients=60,updatesPerSecond=1', 'clients=60,updatesPerSecond=2', 'clients=60,updatesPerSecond=3'],
        ['clients=120,updatesPerSecond=1', 'clients=120,updatesPerSecond=2', 'clients=120,updatesPerSecond=3'],
      ],
    );
    assert.deepEqual(
      groups[0]!.map(({ warmupMs }) => warmupMs),
      [3000, 0, 0],
    );
    assert.equal(groupsOf(planned(['payload=50,100', 'poll-interval=1s,2s']).scenarios).length, 1);
    assert.equal(groupsOf(planned(['clients=60,120']).scenarios).length, 2);
  });

  test('has windows of three poll intervals at least, where these vary and something polls', () => {
    const durations = (transport: NonNullable<SweepOptions['transport']>) =>
      planned(['poll-interval=500ms,4s'], { duration: 5000, transport }).scenarios.map(({ durationMs }) => durationMs);
    assert.deepEqual(durations(['short-polling', 'sse']), [5000, 12_000]);
    assert.deepEqual(durations(['long-polling', 'sse']), [5000, 5000]);
  });

  test('keeps none where a storm cuts them', () => {
    const storm = { storm: 'proxy-reloaded', proxy: 'nginx' } as const;
    assert.equal(groupsOf(planned(['rate=1,2'], storm).scenarios).length, 2);
  });

  test('has one seed', () => {
    const seeds = pointsRequested('chat-room', optionsFor(['clients=60,120'])).map(({ plan }) => plan.seed);
    assert.equal(new Set(seeds).size, 1);
    assert.equal(planned(['clients=60,120'], { seed: 'mine' }).seed, 'mine');
  });
});

describe('refused', () => {
  test('no axis, more than two, and one twice', () => {
    assert.match(complaint([]), /^--over: give what varies and its values/);
    assert.match(
      complaint(['clients=60,70', 'rate=1,2', 'rtt=1ms,2ms']),
      /^--over: has 3 axes; a sweep has one or two$/,
    );
    assert.match(complaint(['rate=1,2', 'rate=3,4']), /^--over: rate is there twice; give all values at once$/);
  });

  test('what an axis varies, given as an option, too', () => {
    assert.equal(
      complaint(['clients=60,70'], { clients: 5 }),
      '--clients: is what --over clients varies; leave it out',
    );
    assert.equal(
      complaint(['payload=60,70'], { payloadBytes: 5 }),
      '--payload-bytes: is what --over payload varies; leave it out',
    );
  });

  test('a rate beside a trace', () => {
    assert.match(
      complaint(['rate=1,2'], { trace: 'mine.txt' }),
      /^--over: rate cannot vary beside --trace, which has its own arrivals/,
    );
  });

  test('more channels than clients, with the point', () => {
    assert.match(
      complaint(['channels=4,500'], { clients: 100 }),
      /^--over: at 500 channels: --channels: "500" is not allowed; give at most 100, one per client of chat-room$/,
    );
    assert.match(
      complaint(['clients=4,500']),
      /^--over: at 4 clients: --clients: "4" is fewer than chat-room's channels; /,
    );
  });

  test('a window without an update, and more clients than the machine carries', () => {
    assert.match(
      complaint(['rate=0.001,2'], { clients: 20, channels: 2 }),
      /^--over: at updates 0\.001\/s: --duration: /,
    );
    assert.match(complaint(['clients=60,900000']), /^--over: at 900,000 clients: --clients: /);
  });
});
