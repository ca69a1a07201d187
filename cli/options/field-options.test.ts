import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { defineScenario } from '../../scenarios/define-scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import { overridden, timesOf } from './field-options.ts';
import { declareRunOptions } from './run-options.ts';

const command = new Command();
declareRunOptions(command);

function option(name: string) {
  return command.options.find(({ long }) => long === name)!;
}

const scenario = defineScenario({
  name: 'small',
  title: 'Small',
  summary: 'Polls at two intervals.',
  clients: 12,
  arrivals: { kind: 'constant', perSecond: 5 },
  payload: { kind: 'notice', bytes: 100 },
  pollCohortsMs: [100, 200],
});

test('help has the purpose of an option, where its default comes from, and its caveat', () => {
  assert.equal(
    option('--hold').description,
    "long polling holds a request this long at most (default: the scenario's); proxies often cut at 60s",
  );
  assert.equal(option('--duration').description, "measured window of a trial (default: the profile's)");
  assert.equal(
    option('--trace').description,
    'replay recorded arrivals in each channel: milliseconds from the start, one per line',
  );
});

test('the kind and the range of a field decide which values its option takes', () => {
  const read = (name: string, text: string) => option(name).parseArg?.(text, undefined);
  assert.equal(read('--hold', '2s'), 2_000);
  assert.equal(read('--clients', '12'), 12);
  assert.equal(read('--rate', '0.5'), 0.5);
  for (const [name, text] of [
    ['--hold', '99ms'],
    ['--clients', '1.5'],
    ['--rate', '0'],
  ] as const) {
    assert.throws(() => read(name, text), UsageError, `${name} ${text}`);
  }
});

test('each option sets only its field; --poll-interval also removes the polling cohorts', () => {
  const same = (arrivals: (typeof scenario)['arrivals']) => arrivals;
  assert.deepEqual(overridden(scenario, {}, same), scenario);
  assert.deepEqual(overridden(scenario, { clients: 30, hold: 500 }, same), { ...scenario, clients: 30, holdMs: 500 });
  assert.deepEqual(overridden(scenario, { payloadBytes: 300 }, same).payload, { kind: 'notice', bytes: 300 });
  const { pollCohortsMs, ...rest } = scenario;
  assert.ok(pollCohortsMs);
  assert.deepEqual(overridden(scenario, { pollInterval: 300 }, same), { ...rest, pollIntervalMs: 300 });
  const constant = { kind: 'constant', perSecond: 1 } as const;
  assert.deepEqual(
    overridden(scenario, {}, () => constant),
    { ...scenario, arrivals: constant },
  );
});

test('only the times that were given are returned', () => {
  assert.deepEqual(timesOf({}), {});
  assert.deepEqual(timesOf({ warmup: 0, repeats: 4, clients: 3 }), { warmupMs: 0, repeats: 4 });
});
