import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { commandFor } from '../analysis/asked/command.ts';
import type { AskedRecord } from '../results/schema/asked-schema.ts';
import { syntheticRun } from '../testing/synthetic/synthetic.ts';
import { declareRunOptions, runOptions } from './options/run-options.ts';
import { askedRecord } from './request/asked-record.ts';

/** The report suggests a command that adds what a run lacks. That command has to measure the same as the run did. */

function parsed(words: readonly string[]) {
  const command = new Command().argument('[scenario...]').exitOverride();
  const typed = declareRunOptions(command);
  command.parse([...words], { from: 'user' });
  return { scenarios: command.args, options: command.opts(), typed };
}

/** The part `asked` of the record of a run that is started with these words after `pvw run`. */
function askedBy(words: readonly string[]): AskedRecord {
  const { scenarios, typed } = parsed(words);
  const plan = { profile: 'quick', seed: '1', transports: [], rttMs: 40, scenarios: [] };
  return askedRecord({ asked: scenarios, typed, plan, declared: runOptions });
}

const run = syntheticRun().record;

/** The words after `pvw run` in the suggested command. Asserts that none of them needs quotes in a shell. */
function repeatedFrom(words: readonly string[]): readonly string[] {
  const text = commandFor({ ...run, asked: askedBy(words) }, 'chat-room', ['--repeats', '7']);
  assert.doesNotMatch(text, /'/);
  return text.split(' ').slice(2);
}

const measured: readonly string[] = [
  '--listen 8081,8082 --via http://127.0.0.1:8080',
  '--listen=0.0.0.0:8081 --via=https://chat.example --http=2',
  '--link mobile-4g',
  '--link home --rtt 80ms',
  '--rtt 0',
  '--network isolated --jitter 5ms --bandwidth 10mbit --loss 1%',
  '--paths direct,nginx+tls,h2',
  '--paths all --rtt=20ms',
  '--proxy nginx --nodes 3 --balance least_conn --storm node-killed',
  '--proxy nginx --storm=proxy-reloaded',
  '--proxy nginx --mistake no-upgrade-headers',
  '--tls --tls-resumption off',
  '--http 2',
  '--headers browser --cookie-bytes 300',
  '--compression --compression-context off',
  '--transport sse,websocket',
  '--load-processes 3',
  '--aa websocket',
  '--clients 500 --channels 5 --rate 2.5 --payload-bytes 300',
  '--trace arrivals.txt',
  '--poll-interval 2s --hold 30s --heartbeat 10s',
  '--duration 20s --warmup 8s',
];

for (const text of measured) {
  test(`the suggested command repeats ${text}`, () => {
    const words = ['chat-room', ...text.split(' ')];
    const { scenarios, options } = parsed(words);
    assert.ok(Object.keys(options).length > 0);
    const again = parsed(repeatedFrom([...words, '--out', 'here', '--quiet']));
    assert.deepEqual([again.scenarios, again.options], [scenarios, { ...options, repeats: 7 }]);
  });
}

test('every option of pvw run is repeated or left out on purpose', () => {
  const leftOut = [
    ...['profile', 'seed', 'out', 'open', 'json', 'quiet'],
    ...['reference', 'threshold', 'exportCsv', 'exportMarkdown', 'force'],
  ];
  const kinds = Object.entries(runOptions).filter(([, { kind }]) => kind === 'run' || kind === 'outcome');
  assert.deepEqual(kinds.map(([key]) => key).sort(), leftOut.sort());
});
