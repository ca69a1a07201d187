import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findScenario, scenarios } from './catalogue/catalogue.ts';
import { channelOf, inboxOf, ratePerSecond, type Scenario } from './scenario.ts';
import { accelerate, emissions, pollPhasesUs, publishes } from './schedule.ts';

const durationUs = 5_000_000;
const chat = findScenario('chat-room')!;
const game = findScenario('online-game')!;
const ticker = findScenario('ticker')!;
const anyScenario = fc.constantFrom(...scenarios);
const anySeed = fc.oneof(fc.integer(), fc.string());

function assertPlan(list: readonly { readonly atUs: number }[]): void {
  for (const [i, { atUs }] of list.entries()) {
    assert.ok(Number.isInteger(atUs) && atUs >= 0 && atUs < durationUs);
    assert.ok(i === 0 || atUs >= list[i - 1]!.atUs);
  }
}

test('plans are sorted, within the window, of existing channels, and repeat with the seed', () => {
  fc.assert(
    fc.property(anyScenario, anySeed, (scenario, seed) => {
      const emitted = emissions(scenario, seed, durationUs);
      const published = publishes(scenario, seed, durationUs);
      assertPlan(emitted);
      assertPlan(published);
      for (const { channel } of emitted) assert.ok(channel >= 0 && channel < scenario.channels);
      for (const { client, channel, kind } of published) {
        const own = channelOf(scenario, client);
        assert.ok(client < scenario.clients);
        assert.equal(channel, kind === 'update' ? own : inboxOf(scenario, own));
      }
      assert.deepEqual(emissions(scenario, seed, durationUs), emitted);
      assert.deepEqual(publishes(scenario, seed, durationUs), published);
    }),
    { numRuns: 40 },
  );
});

test('the source emits when the origin is the server; clients publish when it is the client', () => {
  for (const scenario of scenarios) {
    const updates = publishes(scenario, 1, 60e6).filter(({ kind }) => kind === 'update');
    const inputs = publishes(scenario, 1, 60e6).filter(({ kind }) => kind === 'input');
    assert.equal(emissions(scenario, 1, 60e6).length > 0, scenario.origin === 'server');
    assert.equal(updates.length > 0, scenario.origin === 'client');
    assert.equal(inputs.length > 0, scenario.inputs !== undefined);
  }
});

test('all clients of a room write about equally often', () => {
  const counts = new Array<number>(chat.clients).fill(0);
  for (const { client } of publishes(chat, 'authors', 1000e6)) counts[client]!++;
  // Each is expected to write 100 messages; the seed is fixed.
  for (const count of counts) assert.ok(Math.abs(count - 100) < 45, String(counts));
});

test('an additional channel or client does not change the plans of the others', () => {
  const more = { ...ticker, channels: ticker.channels + 1 };
  const old = emissions(more, 7, durationUs).filter(({ channel }) => channel < ticker.channels);
  assert.deepEqual(old, emissions(ticker, 7, durationUs));

  const joined = { ...game, clients: game.clients + game.channels };
  const inputs = publishes(joined, 7, durationUs).filter(({ client }) => client < game.clients);
  assert.deepEqual(inputs, publishes(game, 7, durationUs));
  assert.deepEqual(pollPhasesUs(joined, 7).subarray(0, game.clients), pollPhasesUs(game, 7));
});

test('inputs do not shift updates', () => {
  const { inputs: _, ...plain } = game;
  assert.deepEqual(emissions(plain, 3, durationUs), emissions(game, 3, durationUs));
});

test('a channel without clients stays silent when clients are the origin', () => {
  const lonely: Scenario = { ...chat, clients: 3, channels: 10 };
  const channels = publishes(lonely, 1, 60e6).map(({ channel }) => channel);
  assert.deepEqual([...new Set(channels)].sort(), [0, 1, 2]);
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
