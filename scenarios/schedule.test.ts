import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everyChannel } from '../protocol/contract-terms.ts';
import { findScenario, scenarios } from './catalogue/catalogue.ts';
import { channelOf, inboxOf, ratePerSecond, type Scenario } from './scenario.ts';
import {
  accelerate,
  emissions,
  type Phase,
  pollPhasesUs,
  publishedChannels,
  publishes,
  type Seed,
  updatesIn,
} from './schedule.ts';
import { countInWindow } from './window-arrivals.ts';

const durationUs = 5_000_000;
const chat = findScenario('chat-room')!;
const game = findScenario('online-game')!;
const ticker = findScenario('ticker')!;
const anyScenario = fc.constantFrom(...scenarios);
const anySeed = fc.oneof(fc.integer(), fc.string());
const kinds = ['warm-up', 'window'] as const;

function windowOf(scenario: Scenario, seed: Seed, lengthUs = durationUs): Phase {
  return { kind: 'window', scenario, seed, durationUs: lengthUs };
}

function warmUpOf(scenario: Scenario, seed: Seed, lengthUs = durationUs): Phase {
  return { ...windowOf(scenario, seed, lengthUs), kind: 'warm-up' };
}

function assertPlan(list: readonly { readonly atUs: number }[]): void {
  for (const [i, { atUs }] of list.entries()) {
    assert.ok(Number.isInteger(atUs) && atUs >= 0 && atUs < durationUs);
    assert.ok(i === 0 || atUs >= list[i - 1]!.atUs);
  }
}

test('plans are sorted, within the window, of existing channels, and repeat with the seed', () => {
  fc.assert(
    fc.property(anyScenario, anySeed, fc.constantFrom(...kinds), (scenario, seed, kind) => {
      const phase: Phase = { kind, scenario, seed, durationUs };
      const emitted = emissions(phase);
      const published = publishes(phase);
      assertPlan(emitted);
      assertPlan(published);
      for (const { channel } of emitted) assert.ok(channel >= 0 && channel < scenario.channels);
      for (const { client, channel, kind } of published) {
        const own = channelOf(scenario, client);
        assert.ok(client < scenario.clients);
        assert.equal(channel, kind === 'update' ? own : inboxOf(scenario, own));
      }
      assert.deepEqual(emissions(phase), emitted);
      assert.deepEqual(publishes(phase), published);
    }),
    { numRuns: 40 },
  );
});

test('a window has the same number of updates and of inputs whatever the seed; a warm-up does not', () => {
  const numbersOf = (phase: Phase) => {
    const published = publishes(phase);
    const inputs = published.filter(({ kind }) => kind === 'input').length;
    return { updates: emissions(phase).length + published.length - inputs, inputs };
  };
  for (const scenario of scenarios) {
    const { arrivals, inputs, clients } = scenario;
    const fixed = {
      updates: countInWindow(arrivals, publishedChannels(scenario), durationUs),
      inputs: inputs ? countInWindow(inputs.arrivals, clients, durationUs) : 0,
    };
    for (let seed = 0; seed < 10; seed++) assert.deepEqual(numbersOf(windowOf(scenario, seed)), fixed, scenario.name);
    const warmUps = Array.from({ length: 10 }, (_, seed) => numbersOf(warmUpOf(scenario, seed)).updates);
    const isClock = arrivals.kind === 'constant';
    assert.equal(new Set(warmUps).size === 1, isClock, `${scenario.name}: ${warmUps}`);
  }
  // Ten rooms with a message a second each, for five seconds.
  assert.deepEqual(numbersOf(windowOf(chat, 'any')), { updates: 50, inputs: 0 });
  // Four matches at 20 ticks, and 40 players at ten inputs a second.
  assert.deepEqual(numbersOf(windowOf(game, 'any')), { updates: 400, inputs: 2_000 });
});

test('in a window other seeds give other instants and other shares of the channels', () => {
  const [one, two] = [emissions(windowOf(ticker, 1)), emissions(windowOf(ticker, 2))];
  const instantsOf = (list: typeof one) => list.map(({ atUs }) => atUs);
  const ofFirst = (list: typeof one) => list.filter(({ channel }) => channel === 0).length;
  assert.notDeepEqual(instantsOf(one), instantsOf(two));
  assert.notEqual(ofFirst(one), ofFirst(two));
});

test('a hundred thousand updates and more are planned within the patience of a start', () => {
  const busy: Scenario = { ...ticker, arrivals: { kind: 'poisson', perSecond: 10_000 } };
  const planned = emissions(windowOf(busy, 'busy'));
  assert.equal(planned.length, 300_000);
  assertPlan(planned);
});

test('the source emits when the origin is the server; clients publish when it is the client', () => {
  for (const scenario of scenarios) {
    for (const kind of kinds) {
      const phase: Phase = { kind, scenario, seed: 1, durationUs: 60e6 };
      const updates = publishes(phase).filter((publish) => publish.kind === 'update');
      const inputs = publishes(phase).filter((publish) => publish.kind === 'input');
      assert.equal(emissions(phase).length > 0, scenario.origin === 'server');
      assert.equal(updates.length > 0, scenario.origin === 'client');
      assert.equal(inputs.length > 0, scenario.inputs !== undefined);
    }
  }
});

test('broadcasts are emissions to every channel, counted in each, and shift no update', () => {
  const broadcast = { arrivals: { kind: 'constant', perSecond: 1 }, payload: { kind: 'notice', bytes: 200 } } as const;
  const phase = windowOf({ ...ticker, broadcast }, 'b');
  const all = emissions(phase);
  assertPlan(all);
  assert.equal(all.filter(({ channel }) => channel === everyChannel).length, 5);
  assert.deepEqual(
    all.filter(({ channel }) => channel !== everyChannel),
    emissions(windowOf(ticker, 'b')),
  );
  assert.equal(updatesIn(all, ticker.channels), all.length - 5 + 5 * ticker.channels);
});

test('all clients of a room write about equally often', () => {
  const counts = new Array<number>(chat.clients).fill(0);
  for (const { client } of publishes(windowOf(chat, 'authors', 1000e6))) counts[client]!++;
  // Each is expected to write 100 messages; the seed is fixed.
  for (const count of counts) assert.ok(Math.abs(count - 100) < 45, String(counts));
});

test('in a warm-up an additional channel or client does not change the plans of the others', () => {
  const more = { ...ticker, channels: ticker.channels + 1 };
  const old = emissions(warmUpOf(more, 7)).filter(({ channel }) => channel < ticker.channels);
  assert.deepEqual(old, emissions(warmUpOf(ticker, 7)));

  const joined = { ...game, clients: game.clients + game.channels };
  const inputs = publishes(warmUpOf(joined, 7)).filter(({ client }) => client < game.clients);
  assert.deepEqual(inputs, publishes(warmUpOf(game, 7)));
  // Phases of polls do not depend on the kind of phase.
  assert.deepEqual(pollPhasesUs(joined, 7).subarray(0, game.clients), pollPhasesUs(game, 7));
});

test('inputs do not shift updates', () => {
  const { inputs: _, ...plain } = game;
  for (const phaseOf of [windowOf, warmUpOf]) {
    assert.deepEqual(emissions(phaseOf(plain, 3)), emissions(phaseOf(game, 3)));
  }
});

test('a channel without clients stays silent when clients are the origin', () => {
  const lonely: Scenario = { ...chat, clients: 3, channels: 10 };
  for (const phaseOf of [windowOf, warmUpOf]) {
    const channels = publishes(phaseOf(lonely, 1, 60e6)).map(({ channel }) => channel);
    assert.deepEqual([...new Set(channels)].sort(), [0, 1, 2]);
  }
  // Each of the three keeps its rate of one message a second.
  assert.equal(publishes(windowOf(lonely, 1, 60e6)).length, 180);
});

test('in a window all clients of a channel are equally likely authors of its updates', () => {
  const two: Scenario = { ...chat, clients: 5, channels: 2 };
  const authors = publishes(windowOf(two, 'shares', 3000e6));
  const countOf = (client: number) => authors.filter((publish) => publish.client === client).length;
  // 6,000 updates; a third of 3,000 for clients 0, 2 and 4, half of it for 1 and 3: within four standard errors.
  for (const client of [0, 2, 4]) assert.ok(Math.abs(countOf(client) - 1_000) < 4 * 29, String(countOf(client)));
  for (const client of [1, 3]) assert.ok(Math.abs(countOf(client) - 1_500) < 4 * 34, String(countOf(client)));
});

test('poll phases are uniform, one per client', () => {
  const many = { ...chat, clients: 2000 };
  const phases = pollPhasesUs(many, 1);
  assert.equal(phases.length, 2000);
  const scaled = phases.map((us) => us / (many.pollIntervalMs * 1000));
  assert.ok(scaled.every((fraction) => fraction >= 0 && fraction < 1));
  const mean = scaled.reduce((sum, fraction) => sum + fraction, 0) / scaled.length;
  // The standard deviation of the mean is 1/√(12 × 2000).
  assert.ok(Math.abs(mean - 0.5) < 4 * 0.00645, String(mean));
});

test('accelerating speeds up arrivals, inputs and polls only', () => {
  for (const scenario of scenarios) {
    const fast = accelerate(scenario, 4);
    assert.equal(ratePerSecond(fast.arrivals), 4 * ratePerSecond(scenario.arrivals));
    assert.equal(fast.pollIntervalMs, scenario.pollIntervalMs / 4);
    assert.equal('inputs' in fast, scenario.inputs !== undefined);
    if (scenario.inputs) {
      assert.equal(ratePerSecond(fast.inputs!.arrivals), 4 * ratePerSecond(scenario.inputs.arrivals));
    }
    const { arrivals, inputs, pollIntervalMs, pollCohortsMs } = scenario;
    assert.deepEqual(
      fast.pollCohortsMs,
      pollCohortsMs?.map((ms) => ms / 4),
    );
    const restored = {
      ...fast,
      arrivals,
      pollIntervalMs,
      ...(pollCohortsMs && { pollCohortsMs }),
      ...(inputs && { inputs }),
    };
    assert.deepEqual(restored, scenario);
  }
});
