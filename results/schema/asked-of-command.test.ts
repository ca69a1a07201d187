import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOfCommand, askedOfJson } from './asked-of-command.ts';
import { type AskedRecord, asked as askedSchema } from './asked-schema.ts';

/** What is reconstructed from a version 1 record with these words after `pvw run` and scenarios of these names. */
function askedBy(words: readonly string[], names: readonly string[] = ['chat-room'], profile = 'quick'): AskedRecord {
  const scenarios = names.map((name) => ({ scenario: { name, clients: 100, arrivals: {}, pollIntervalMs: 1_000 } }));
  return askedSchema.parse(askedOfCommand({ command: ['pvw', 'run', ...words], profile, plan: { scenarios } }));
}

function optionsOf(...words: readonly string[]) {
  return askedBy(words).options.map(({ name, kind, text }) => [name, kind, text]);
}

test('the commands of the runs that come with pvw', () => {
  const words = ['--seed', 'reference', '--profile', 'full', '--out', 'results/reference-new'];
  assert.deepEqual(askedBy(words, ['chat-room', 'ticker'], 'full'), {
    profile: { value: 'full', from: 'option' },
    scenarios: [],
    options: [
      { name: 'seed', kind: 'run', text: 'reference' },
      { name: 'profile', kind: 'run', text: 'full' },
      { name: 'out', kind: 'outcome', text: 'results/reference-new' },
    ],
    sources: ['chat-room', 'ticker'].flatMap((scenario) => [
      { scenario, from: 'profile', fields: ['repeats', 'durationMs', 'warmupMs'] },
      { scenario, from: 'catalogue', fields: ['clients', 'arrivals', 'pollIntervalMs'] },
    ]),
  });
  const paths = ['--seed', 'reference', '--profile', 'paths', '--out', 'results/reference-paths-new'];
  assert.deepEqual(askedBy(paths, ['chat-room'], 'paths').profile, { value: 'paths', from: 'option' });
  assert.deepEqual(askedBy([]).profile, { value: 'quick', from: 'default' });
});

test('a value follows its option or an equals sign, and may look like anything', () => {
  assert.deepEqual(optionsOf('--rtt', '80ms', '--via=http://127.0.0.1:8080', '--out', '--tls', '--trace=a=b.txt'), [
    ['rtt', 'link', '80ms'],
    ['via', 'route', 'http://127.0.0.1:8080'],
    ['out', 'outcome', '--tls'],
    ['trace', 'trials', 'a=b.txt'],
  ]);
  assert.deepEqual(optionsOf('--out=', '--trace', "it's here\n.txt", '--out', '--'), [
    ['trace', 'trials', "it's here\n.txt"],
    ['out', 'outcome', '--'],
  ]);
});

test('a switch takes no value', () => {
  const { scenarios, options } = askedBy(['--tls', 'chat-room', '--quiet', 'ticker', '--compression']);
  assert.deepEqual(scenarios, [{ name: 'chat-room' }, { name: 'ticker' }]);
  assert.deepEqual(
    options.map(({ name, text }) => [name, text]),
    [
      ['tls', null],
      ['quiet', null],
      ['compression', null],
    ],
  );
});

test('the last of several equal options counts, but every threshold does', () => {
  const words = ['--clients', '5', '--threshold', 'sse.stale<5%', '--clients=9', '--threshold=sse.stale<6%'];
  assert.deepEqual(optionsOf(...words), [
    ['threshold', 'outcome', 'sse.stale<5%'],
    ['clients', 'trials', '9'],
    ['threshold', 'outcome', 'sse.stale<6%'],
  ]);
});

test('what follows two dashes is a scenario', () => {
  assert.deepEqual(askedBy(['ticker', '--quiet', '--', '--tls.yaml', 'ticker'], ['ticker', 'mine']).scenarios, [
    { name: 'ticker' },
    { file: '--tls.yaml', names: ['mine'] },
  ]);
});

test('a file is matched with its scenarios if the record leaves no doubt', () => {
  assert.deepEqual(askedBy(['my own.yaml', 'ticker'], ['mine', 'ticker']).scenarios, [
    { file: 'my own.yaml', names: ['mine'] },
    { name: 'ticker' },
  ]);
  assert.deepEqual(askedBy(['./all.ts'], ['a', 'b']).scenarios, [{ file: './all.ts', names: ['a', 'b'] }]);
  assert.deepEqual(askedBy(['a.json', 'b.yml'], ['a', 'b']).scenarios, [
    { file: 'a.json', names: ['a'] },
    { file: 'b.yml', names: ['b'] },
  ]);
  assert.deepEqual(askedBy(['a.ts', 'b.ts'], ['a', 'b', 'c']).scenarios, [
    { file: 'a.ts', names: [] },
    { file: 'b.ts', names: [] },
  ]);
});

test('values come from the last option that decides them; the times of a file are not known', () => {
  const { sources } = askedBy(
    ['mine.yaml', '--repeats', '4', '--aa', 'sse', '--poll-interval=2s', '--rate', '3', '--warmup', '0'],
    ['mine'],
  );
  assert.deepEqual(sources, [
    { scenario: 'mine', from: 'scenario file', fields: ['clients'] },
    { scenario: 'mine', from: 'option', option: 'repeats', fields: ['repeats'] },
    { scenario: 'mine', from: 'option', option: 'rate', fields: ['arrivals'] },
    { scenario: 'mine', from: 'option', option: 'poll-interval', fields: ['pollIntervalMs', 'pollCohortsMs'] },
    { scenario: 'mine', from: 'option', option: 'warmup', fields: ['warmupMs'] },
  ]);
});

test('JSON that is not a version 1 record yields nothing', () => {
  const record = { schemaVersion: 1, command: ['pvw', 'run', '--tls'], profile: 'quick', plan: { scenarios: [] } };
  assert.deepEqual(askedOfJson(record).options, [{ name: 'tls', kind: 'route', text: null }]);
  for (const value of [null, [], {}, { ...record, command: [1] }, { ...record, plan: { scenarios: [{}] } }]) {
    assert.deepEqual(askedOfJson(value).options, []);
  }
});

test('an empty command and an unknown option are accepted', () => {
  assert.deepEqual(askedOfCommand({ command: ['pvw'], profile: 'quick', plan: { scenarios: [] } }).options, []);
  assert.deepEqual(optionsOf('--colour', 'red'), [['colour', 'outcome', 'red']]);
  assert.deepEqual(optionsOf('--rtt'), [['rtt', 'link', null]]);
});
