import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOfCommand } from '../../results/schema/asked-of-command.ts';
import type { AskedRecord } from '../../results/schema/asked-schema.ts';
import { findScenario } from '../../scenarios/catalogue/catalogue.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { overridesOf } from './overrides.ts';

const chat = findScenario('chat-room')!;

function askedBy(options: readonly string[]): AskedRecord {
  return askedOfCommand({ command: ['pvw', 'run', ...options], profile: 'quick', plan: { scenarios: [] } });
}

function overrides(changes: Partial<Scenario>, ...options: readonly string[]) {
  const planned = { scenario: { ...chat, ...changes }, point: {}, repeats: 3, durationMs: 5_000, warmupMs: 5_000 };
  return overridesOf(planned, askedBy(options)).map(({ what, options }) => [what, ...options]);
}

test('a scenario as its name says has no overrides', () => {
  assert.deepEqual(overrides({}), []);
  assert.deepEqual(overrides({}, '--hold', '25s'), [], 'an option that changes nothing');
});

test('each changed field is listed with the given options that can have changed it', () => {
  assert.deepEqual(overrides({ clients: 20, holdMs: 500 }, '--clients', '20', '--hold=500ms'), [
    ['clients', '--clients'],
    ['holdMs', '--hold'],
  ]);
  const arrivals = { kind: 'poisson', perSecond: 9 } as const;
  assert.deepEqual(overrides({ arrivals }, '--rate', '9'), [['arrivals', '--rate']]);
  assert.deepEqual(overrides({ pollIntervalMs: 9 }, '--poll-interval', '9ms'), [['pollIntervalMs', '--poll-interval']]);
});

test('one interval for all replaces cohorts', () => {
  const dashboard = findScenario('dashboard')!;
  const { pollCohortsMs, ...scenario } = dashboard;
  assert.ok(pollCohortsMs);
  const changed = { ...scenario, pollIntervalMs: 500 };
  const planned = { scenario: changed, point: {}, repeats: 1, durationMs: 5_000, warmupMs: 5_000 };
  const found = overridesOf(planned, askedBy(['--poll-interval', '500ms']));
  assert.deepEqual(
    found.map(({ what, options }) => [what, ...options]),
    [
      ['pollIntervalMs', '--poll-interval'],
      ['pollCohortsMs', '--poll-interval'],
    ],
  );
});

test('a scenario of another version differs without an option', () => {
  assert.deepEqual(overrides({ holdMs: 20_000 }), [['holdMs']]);
});

test('times and the round trip are listed if they were given', () => {
  assert.deepEqual(overrides({}, '--rtt', '40ms', '--repeats', '3', '--warmup', '0'), [
    ['rttMs', '--rtt'],
    ['times', '--warmup', '--repeats'],
  ]);
});
