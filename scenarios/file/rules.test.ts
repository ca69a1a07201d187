import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scenarios } from '../catalogue/catalogue.ts';
import { defineScenario } from '../define-scenario.ts';
import { largestPayloadBytes } from '../fields.ts';
import { minimumBytes } from '../payload/payloads.ts';
import type { Scenario } from '../scenario.ts';
import { linkMisfitOf, loadMisfitOf, type Misfit, misfitOf, windowMisfitOf } from './rules.ts';

function scenario(changes: Partial<Scenario>): Scenario {
  return defineScenario({
    name: 'small',
    title: 'Small',
    summary: 'A scenario that breaks no rule.',
    clients: 12,
    channels: 2,
    arrivals: { kind: 'constant', perSecond: 5 },
    payload: { kind: 'notice', bytes: 100 },
    ...changes,
  });
}

const inputs = { arrivals: { kind: 'constant', perSecond: 10 }, payload: { kind: 'reaction', bytes: 60 } } as const;
const broadcast = { arrivals: { kind: 'constant', perSecond: 1 }, payload: { kind: 'notice', bytes: 200 } } as const;
const small = { kind: 'media-chunk', bytes: 0 } as const;
const asBase64 = { kind: 'media-chunk', bytes: Math.floor((largestPayloadBytes * 3) / 4) } as const;

/** Each rule with the last scenario that keeps it and the first that breaks it. */
const cases: Readonly<Record<string, readonly [keeps: Partial<Scenario>, breaks: Partial<Scenario>, Misfit]>> = {
  'every channel has a client': [
    { channels: 12 },
    { channels: 13 },
    { rule: 'channel-without-client', mostChannels: 12, leastClients: 13 },
  ],
  'every cohort has a client in each channel': [
    { pollCohortsMs: [1, 2, 3, 4, 5, 6] },
    { pollCohortsMs: [1, 2, 3, 4, 5, 6, 7] },
    { rule: 'cohort-without-client', cohorts: 7, leastClients: 14, mostChannels: 1 },
  ],
  'cohorts publish nothing, updates': [
    { origin: 'client' },
    { origin: 'client', pollCohortsMs: [1, 2] },
    { rule: 'cohorts-publish', intervalsMs: [1, 2] },
  ],
  'cohorts publish nothing, inputs': [
    { inputs },
    { inputs, pollCohortsMs: [1, 2] },
    { rule: 'cohorts-publish', intervalsMs: [1, 2] },
  ],
  'a payload holds its fields': [
    { payload: { kind: 'media-chunk', bytes: 1 }, encoding: 'binary' },
    { payload: small, encoding: 'binary' },
    { rule: 'payload-size', of: 'payload', payload: small, bytes: [1, largestPayloadBytes] },
  ],
  'bytes in JSON have to fit as base64': [
    { payload: asBase64 },
    { payload: { ...asBase64, bytes: asBase64.bytes + 1 } },
    {
      rule: 'payload-size',
      of: 'payload',
      payload: { ...asBase64, bytes: asBase64.bytes + 1 },
      bytes: [1, asBase64.bytes],
    },
  ],
  'text is not made longer by JSON': [
    { payload: { kind: 'notice', bytes: largestPayloadBytes } },
    { payload: { kind: 'notice', bytes: largestPayloadBytes + 1 } },
    {
      rule: 'payload-size',
      of: 'payload',
      payload: { kind: 'notice', bytes: largestPayloadBytes + 1 },
      bytes: [minimumBytes.notice, largestPayloadBytes],
    },
  ],
  'the payload of inputs as well': [
    { inputs },
    { inputs: { ...inputs, payload: { kind: 'reaction', bytes: 57 } } },
    {
      rule: 'payload-size',
      of: 'inputs',
      payload: { kind: 'reaction', bytes: 57 },
      bytes: [minimumBytes.reaction, largestPayloadBytes],
    },
  ],
  'the payload of broadcasts as well': [
    { broadcast },
    { broadcast: { ...broadcast, payload: { kind: 'reaction', bytes: 57 } } },
    {
      rule: 'payload-size',
      of: 'broadcast',
      payload: { kind: 'reaction', bytes: 57 },
      bytes: [minimumBytes.reaction, largestPayloadBytes],
    },
  ],
  'broadcasts come from the server': [
    { broadcast, origin: 'server' },
    { broadcast, origin: 'client' },
    { rule: 'broadcast-by-clients' },
  ],
};

for (const [rule, [keeps, breaks, misfit]] of Object.entries(cases)) {
  test(`${rule}`, () => {
    assert.equal(misfitOf(scenario(keeps)), undefined);
    assert.deepEqual(misfitOf(scenario(breaks)), misfit);
  });
}

test('scenarios at the named bounds keep the rule', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.nat(8), (clients, channels, n) => {
      const pollCohortsMs = Array.from({ length: n }, (_, i) => 100 + i);
      const asked = scenario({ clients, channels, ...(n >= 2 && { pollCohortsMs }) });
      const misfit = misfitOf(asked);
      if (misfit?.rule !== 'channel-without-client' && misfit?.rule !== 'cohort-without-client') return;
      // Clients enough for the channels may still be too few for the cohorts, so only this rule is checked.
      assert.notEqual(misfitOf({ ...asked, clients: misfit.leastClients })?.rule, misfit.rule);
      assert.equal(misfitOf({ ...asked, clients: misfit.leastClients - 1 })?.rule !== undefined, true);
      if (misfit.mostChannels >= 1) {
        assert.notEqual(misfitOf({ ...asked, channels: misfit.mostChannels })?.rule, misfit.rule);
      }
    }),
  );
});

test('refuses an impossible rate of deliveries or inputs and names a feasible one', () => {
  const perSecond = (rate: number, clients: number) =>
    loadMisfitOf(scenario({ clients, arrivals: { kind: 'poisson', perSecond: rate } }));
  assert.equal(perSecond(20, 100_000), undefined);
  assert.deepEqual(perSecond(40, 100_000), {
    rule: 'too-many-deliveries',
    perSecond: 4_000_000,
    mostRatePerSecond: 20,
  });
  // A broadcast a second goes to every client, too.
  const withBroadcast = (rate: number) =>
    loadMisfitOf(scenario({ clients: 100_000, arrivals: { kind: 'poisson', perSecond: rate }, broadcast }));
  assert.equal(withBroadcast(19), undefined);
  assert.deepEqual(withBroadcast(20), { rule: 'too-many-deliveries', perSecond: 2_100_000, mostRatePerSecond: 19 });
  const withInputs = (clients: number) => loadMisfitOf(scenario({ clients, inputs }));
  assert.equal(withInputs(200_000), undefined);
  assert.deepEqual(withInputs(200_001), { rule: 'too-many-inputs', perClient: 10, mostClients: 200_000 });
});

test('a link must carry the updates of all clients, unless updates may be skipped', () => {
  // 12 clients × 5 updates × 100 bytes × 8.
  const needed = 48_000;
  const over = (bandwidthBitsPerSecond: number | null, changes: Partial<Scenario> = {}) =>
    linkMisfitOf(scenario(changes), { rttMs: 40, bandwidthBitsPerSecond });
  assert.equal(over(null), undefined);
  assert.equal(over(needed), undefined);
  assert.equal(over(needed - 1, { semantics: 'latest' }), undefined);
  assert.deepEqual(over(needed - 1), {
    rule: 'link-too-narrow',
    carriedBitsPerSecond: needed - 1,
    neededBitsPerSecond: needed,
    mostClients: 11,
  });
  // One of 200 bytes a second for each client more.
  const withBroadcast = 12 * (5 * 100 + 200) * 8;
  assert.equal(over(withBroadcast, { broadcast }), undefined);
  assert.equal(over(withBroadcast - 1, { broadcast })?.rule, 'link-too-narrow');
});

test('a window must have an update; inputs do not count', () => {
  const within = (durationMs: number, changes: Partial<Scenario>) =>
    windowMisfitOf(scenario({ inputs, ...changes }), durationMs);
  // Two channels at 0.1 a second: half an update in 2.5 s, which is rounded to one.
  for (const kind of ['poisson', 'constant'] as const) {
    const rare = { arrivals: { kind, perSecond: 0.1 } };
    assert.equal(within(2_500, rare), undefined);
    assert.deepEqual(within(2_499, rare), { rule: 'empty-window', durationMs: 2_499, leastMs: 2_500 });
  }
  // The number of bursts counts, not that of their updates.
  const bursts = { arrivals: { kind: 'bursts', perSecond: 0.1, size: 100, gapMs: 1 } } as const;
  assert.equal(within(2_500, bursts), undefined);
  assert.deepEqual(within(2_000, bursts), { rule: 'empty-window', durationMs: 2_000, leastMs: 2_500 });
  const trace = { arrivals: { kind: 'trace', instantsMs: [3_000, 3_010], lengthMs: 4_000 } } as const;
  assert.equal(within(3_001, trace), undefined);
  assert.deepEqual(within(3_000, trace), { rule: 'empty-window', durationMs: 3_000, leastMs: 3_000 });
});

test('an update that goes back to its only author alone, or not even there, reaches no client', () => {
  const with12Clients = (changes: Partial<Scenario>) =>
    windowMisfitOf(scenario({ origin: 'client', channels: 12, ...changes }), 10_000);
  assert.deepEqual(with12Clients({}), { rule: 'no-receiver' });
  assert.equal(with12Clients({ echo: true }), undefined);
  assert.equal(with12Clients({ clients: 13 }), undefined);
  assert.equal(with12Clients({ origin: 'server' }), undefined);
});

test('a heartbeat must be at least two round trips', () => {
  const at = (heartbeatMs: number) =>
    linkMisfitOf(scenario({ heartbeatMs }), { rttMs: 400, bandwidthBitsPerSecond: null });
  assert.equal(at(800), undefined);
  assert.deepEqual(at(799), { rule: 'heartbeat-too-short', leastMs: 800 });
});

test('the built-in scenarios break no rule', () => {
  for (const each of scenarios)
    assert.equal(misfitOf(each) ?? loadMisfitOf(each) ?? windowMisfitOf(each, 3_000), undefined, each.name);
});
