import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Command } from 'commander';
import { type AskedRecord, asked as askedSchema } from '../../results/schema/asked-schema.ts';
import { declareRunOptions, type RunOptions, runOptions } from '../options/run-options.ts';
import { askedRecord } from './asked-record.ts';
import { planRequested } from './plan-request.ts';
import { askedFor } from './scenario-arguments.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-asked-'));
after(() => rmSync(directory, { recursive: true }));

/** The part `asked` of the record of a run that is started with these words after `pvw run`. */
async function askedBy(...words: readonly string[]): Promise<AskedRecord> {
  const command = new Command().argument('[scenario...]').exitOverride();
  const typed = declareRunOptions(command);
  command.parse([...words], { from: 'user' });
  const asked = await askedFor(command.args);
  const record = askedRecord({
    asked,
    typed,
    plan: planRequested(asked, command.opts<RunOptions>()),
    declared: runOptions,
  });
  return askedSchema.parse(JSON.parse(JSON.stringify(record)));
}

function sourceOf(record: AskedRecord, field: string, scenario = 'chat-room') {
  const found = record.sources.filter((source) => source.scenario === scenario && source.fields.includes(field));
  assert.equal(found.length, 1, `${field} has one source`);
  return found[0]!.option ?? found[0]!.from;
}

test('a run without arguments takes the default profile', async () => {
  const record = await askedBy();
  assert.deepEqual(record.profile, { value: 'quick', from: 'default' });
  assert.deepEqual([record.scenarios, record.options], [[], []]);
  assert.equal(sourceOf(record, 'clients'), 'catalogue');
  assert.equal(sourceOf(record, 'durationMs'), 'profile');
  assert.ok(record.sources.some(({ scenario }) => scenario === 'live-stream'));
});

test('options are kept with their values and as they were typed', async () => {
  const { profile, scenarios, options } = await askedBy(
    ...['--profile=smoke', 'ticker', '--rtt', '0', '--tls', '--transport', 'websocket,sse', '--bandwidth', '1.5mbit'],
  );
  assert.deepEqual(profile, { value: 'smoke', from: 'option' });
  assert.deepEqual(scenarios, [{ name: 'ticker' }]);
  assert.deepEqual(options, [
    { name: 'profile', kind: 'run', value: 'smoke', text: 'smoke' },
    { name: 'rtt', kind: 'link', value: 0, text: '0' },
    { name: 'tls', kind: 'route', value: true, text: null },
    { name: 'transport', kind: 'trials', value: ['sse', 'websocket'], text: 'websocket,sse' },
    { name: 'bandwidth', kind: 'link', value: 1.5e6, text: '1.5mbit' },
  ]);
});

test('of an option given twice the last value is kept, of a repeatable one each value', async () => {
  const { options } = await askedBy(
    ...['--clients', '20', '--threshold', 'sse.stale<5%', '--clients=30', '--threshold', 'chat-room/sse.stale<6%'],
  );
  assert.deepEqual(
    options.map(({ name, text }) => [name, text]),
    [
      ['threshold', 'sse.stale<5%'],
      ['clients', '30'],
      ['threshold', 'chat-room/sse.stale<6%'],
    ],
  );
  assert.deepEqual(options[0]!.value, { transport: 'sse', figure: 'stale', operator: '<', limit: 0.05 });
});

test('each value of a scenario has one source: an option, its file, the catalogue or the profile', async () => {
  const file = join(directory, 'mine.yaml');
  writeFileSync(file, 'name: mine\nextends: ticker\nclients: 40\nduration: 2s\n');
  const record = await askedBy(file, 'dashboard', '--rate', '3', '--poll-interval', '2s', '--warmup', '0');
  assert.deepEqual(record.scenarios, [{ file, names: ['mine'] }, { name: 'dashboard' }]);
  const expected = {
    arrivals: ['rate', 'rate'],
    pollIntervalMs: ['poll-interval', 'poll-interval'],
    pollCohortsMs: ['poll-interval', 'poll-interval'],
    warmupMs: ['warmup', 'warmup'],
    durationMs: ['scenario file', 'profile'],
    repeats: ['profile', 'profile'],
    clients: ['scenario file', 'catalogue'],
    heartbeatMs: ['scenario file', 'catalogue'],
  };
  for (const [field, sources] of Object.entries(expected)) {
    const found = ['mine', 'dashboard'].map((scenario) => sourceOf(record, field, scenario));
    assert.deepEqual(found, sources, field);
  }
});

test('a file is named once, with all its scenarios', async () => {
  const file = join(directory, 'two.mjs');
  writeFileSync(file, "export default [{ name: 'one', extends: 'ticker' }, { name: 'two', extends: 'ticker' }];\n");
  const { scenarios, sources } = await askedBy('ticker', file, 'presence');
  assert.deepEqual(scenarios, [{ name: 'ticker' }, { file, names: ['one', 'two'] }, { name: 'presence' }]);
  assert.deepEqual([...new Set(sources.map(({ scenario }) => scenario))], ['ticker', 'one', 'two', 'presence']);
});

test('--aa is the source of the repeats unless --repeats is given', async () => {
  assert.equal(sourceOf(await askedBy('--aa', 'sse'), 'repeats'), 'aa');
  assert.equal(sourceOf(await askedBy('--repeats', '4', '--aa', 'sse'), 'repeats'), 'repeats');
});

test('each option changes exactly those planned fields that it declares', () => {
  const trace = join(directory, 'trace.txt');
  const texts: Readonly<Record<string, string>> = {
    ...{
      clients: '70',
      channels: '7',
      rate: '3',
      payloadBytes: '900',
      pollInterval: '3s',
      hold: '9s',
      heartbeat: '8s',
    },
    ...{ duration: '2s', warmup: '3s', repeats: '9', aa: 'sse', trace },
  };
  writeFileSync(trace, '0\n100\nlength 200\n');
  const usual = fieldsPlanned({});
  for (const [key, { parse, changes = [] }] of Object.entries(runOptions)) {
    assert.ok(typeof changes !== 'function', key);
    const text = texts[key];
    assert.equal(text !== undefined, changes.length > 0, `${key} has a value to try here`);
    if (text === undefined) continue;
    const changed = fieldsPlanned({ [key]: parse ? parse(key)(text) : text });
    const fields = [...new Set([...Object.keys(usual), ...Object.keys(changed)])];
    const different = fields.filter((field) => JSON.stringify(usual[field]) !== JSON.stringify(changed[field]));
    assert.deepEqual(different.sort(), [...changes].sort(), key);
  }
});

/** The planned fields of dashboard. Its clients poll in cohorts, which --poll-interval removes. */
function fieldsPlanned(request: RunOptions): Readonly<Record<string, unknown>> {
  const { scenario, ...times } = planRequested(['dashboard'], { seed: '1', ...request }).scenarios[0]!;
  return { ...scenario, ...times };
}
