import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainLink } from '../../network/link/path.ts';
import { directRoute } from '../../network/route/route.ts';
import { scenarios } from '../../scenarios/catalogue/catalogue.ts';
import { estimateMs, estimateTrialMs } from './estimate.ts';
import { eachTrial, type Plan } from './plan.ts';

const scenario = scenarios[0]!;
const planned = { scenario, repeats: 2, durationMs: 8_000, warmupMs: 5_000 };
const websocket = { planned, transport: 'websocket', rttMs: 40, link: plainLink(40), route: directRoute } as const;

test('a trial takes its window, its warm-up and about three seconds', () => {
  const around = estimateTrialMs(websocket) - 13_000;
  assert.ok(around > 1_500 && around < 4_000, `${around} ms`);
});

test('short polling drains for up to one more poll interval', () => {
  const polling = estimateTrialMs({ ...websocket, transport: 'short-polling' });
  assert.equal(polling - estimateTrialMs(websocket), scenario.pollIntervalMs);
});

test('many clients take longer to connect', () => {
  const many = { ...planned, scenario: { ...scenario, clients: scenario.clients + 10_000 } };
  assert.equal(estimateTrialMs({ ...websocket, planned: many }) - estimateTrialMs(websocket), 10_000);
});

test('TLS handshakes take longer, and so clients connect more slowly', () => {
  const encrypted = { ...websocket, route: { ...directRoute, tls: { resumption: true } } };
  assert.ok(estimateTrialMs(encrypted) > estimateTrialMs(websocket));
});

test('a plan takes the sum of its trials and a little more', () => {
  const plan: Plan = { profile: 'test', seed: 's', transports: ['websocket'], rttMs: 40, scenarios: [planned] };
  const rest = estimateMs(eachTrial(plan)) - 2 * estimateTrialMs(websocket);
  assert.ok(rest > 0 && rest < 5_000, `${rest} ms`);
});

test('a trial that goes on with others neither starts nor connects, and has two quiet edges', () => {
  const head = { ...planned, warmupMs: 0 };
  const after = { ...websocket, planned: { ...head, goesOn: true as const } };
  // Its window, twice 150 ms and those for which counters stand still, and the round trip of the drain.
  assert.equal(estimateTrialMs(after), 8_000 + 2 * (150 + 250) + 40);
  const saved = estimateTrialMs({ ...websocket, planned: head }) - estimateTrialMs(after);
  // Start, connecting with one client each millisecond, and a quiet edge.
  assert.equal(saved, 900 + 400 + scenario.clients + 150 + 250);
});

test('a plan takes the sum of all its trials, those that go on included', () => {
  const after = { ...planned, point: { place: 1 }, warmupMs: 0, goesOn: true as const };
  const scenarios = [planned, after, { ...after, point: { place: 2 } }];
  const plan: Plan = { profile: 'test', seed: 's', transports: ['websocket'], rttMs: 40, scenarios };
  const alone = estimateMs(eachTrial({ ...plan, scenarios: [planned] }));
  assert.equal(estimateMs(eachTrial(plan)) - alone, 2 * 2 * estimateTrialMs({ ...websocket, planned: after }));
});
