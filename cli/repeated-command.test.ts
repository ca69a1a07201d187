import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { commandFor, optionsWithoutValue, repeatedOptions } from '../analysis/command.ts';
import { syntheticRun } from '../results/synthetic.ts';
import { declareRunOptions } from './run-options.ts';

/** The report says which command adds what a run lacks: it has to ask for what the run asked for. */

function declared(): Command {
  return declareRunOptions(new Command().argument('[scenario...]').exitOverride());
}

function parsed(words: readonly string[]) {
  const command = declared();
  command.parse([...words], { from: 'user' });
  return { scenarios: command.args, options: command.opts() };
}

/** Of these words, as they are meant for a shell; none is quoted. */
function repeatedFrom(words: readonly string[]): readonly string[] {
  const record = { ...syntheticRun().record, command: ['pvw', 'run', ...words] };
  const text = commandFor(record, 'chat-room', ['--repeats', '7']);
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
  '--aa websocket',
  '--clients 500 --channels 5 --rate 2.5 --payload-bytes 300',
  '--trace arrivals.txt',
  '--poll-interval 2s --hold 30s --heartbeat 10s',
  '--duration 20s --warmup 8s',
];

for (const text of measured) {
  test(`${text} is asked for again`, () => {
    const words = ['chat-room', ...text.split(' ')];
    const { scenarios, options } = parsed(words);
    assert.ok(Object.keys(options).length > 0);
    const asked = parsed(repeatedFrom([...words, '--out', 'here', '--quiet']));
    assert.deepEqual(asked, { scenarios, options: { ...options, repeats: 7 } });
  });
}

test('every option of pvw run is repeated or left out on purpose', () => {
  const leftOut = [
    ...['--profile', '--seed', '--out', '--open', '--json', '--quiet'],
    ...['--reference', '--threshold', '--export-csv', '--export-markdown'],
  ];
  const { options } = declared();
  assert.deepEqual(options.map(({ long }) => long).sort(), [...repeatedOptions, ...leftOut].sort());
  assert.deepEqual(
    options
      .filter((option) => option.isBoolean())
      .map(({ long }) => long)
      .sort(),
    [...optionsWithoutValue].sort(),
  );
});

test('what stands behind two dashes is a scenario', () => {
  const record = { ...syntheticRun().record, command: ['pvw', 'run', '--quiet', '--', 'mine.yaml'] };
  assert.equal(commandFor(record, 'of my own', ['--repeats', '3']), 'pvw run mine.yaml --repeats 3');
});
