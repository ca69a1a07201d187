import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOfCommand } from '../../results/schema/asked-of-command.ts';
import type { AskedRecord } from '../../results/schema/asked-schema.ts';
import type { RunRecord } from '../../results/schema/schema.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { syntheticRoutes } from '../../testing/synthetic/synthetic-routes.ts';
import { analyseRun } from '../comparison/run-analysis.ts';
import { decisionTable } from '../verdict/decision.ts';
import { commandFor, commandOnPath } from './command.ts';

const plain = syntheticRun().record;

/** A run started with these words after `pvw run`. */
function startedBy(...words: readonly string[]): RunRecord {
  return repeatedAs(plain, ...words);
}

function repeatedAs(record: RunRecord, ...words: readonly string[]): RunRecord {
  const command = ['pvw', 'run', ...words];
  return { ...record, command, asked: askedOfCommand({ ...record, command }) };
}

/** The command of a run, repeated with one more option. */
function repeated(...words: readonly string[]): string {
  return commandFor(startedBy(...words), 'chat-room', ['--repeats', '3']);
}

test('a command repeats what was measured, and the path', () => {
  assert.equal(
    repeated('chat-room', '--listen', '8081,8082', '--via=http://127.0.0.1:8080'),
    'pvw run chat-room --listen 8081,8082 --via http://127.0.0.1:8080 --repeats 3',
  );
  assert.equal(
    repeated('ticker', 'chat-room', '--clients', '500', '--link', 'mobile-4g', '--tls'),
    'pvw run chat-room --link mobile-4g --tls --clients 500 --repeats 3',
  );
  assert.equal(
    repeated('chat-room', '--storm', 'node-killed', '--proxy', 'nginx', '--rtt', '0'),
    'pvw run chat-room --rtt 0 --proxy nginx --storm node-killed --repeats 3',
  );
});

test('a command leaves out options about the result, and a profile with scenarios of its own', () => {
  assert.equal(
    repeated(
      ...['--profile', 'smoke', '--out', 'here', '--json', '--open', '--quiet', '--seed=a'],
      ...['--threshold', 'sse.stale<5%', '--export-csv', 'a.csv', '--rtt', '80ms', 'chat-room'],
    ),
    'pvw run chat-room --rtt 80ms --repeats 3',
  );
});

test('new options replace those of the run', () => {
  assert.equal(repeated('chat-room', '--repeats', '1', '--rate', '2'), 'pvw run chat-room --rate 2 --repeats 3');
  const all = ['--transport', 'sse,websocket'];
  assert.equal(
    commandFor(startedBy('chat-room', '--aa', 'sse', '--transport=sse'), 'chat-room', all),
    'pvw run chat-room --transport sse,websocket',
  );
});

test('a user’s scenario is asked for by its file, without the directory that is no longer empty', () => {
  assert.equal(
    commandFor(startedBy('my own.yaml', '--out', 'here', '--rtt', '0'), 'mine', ['--repeats', '3']),
    "pvw run 'my own.yaml' --rtt 0 --repeats 3",
  );
  const asked: AskedRecord = {
    ...askedOfCommand(plain),
    scenarios: [{ file: 'a.ts', names: ['one', 'two'] }, { name: 'ticker' }, { file: 'b.yaml', names: ['three'] }],
  };
  assert.equal(commandFor({ ...plain, asked }, 'two', []), 'pvw run a.ts');
  assert.equal(commandFor({ ...plain, asked }, 'ticker', []), 'pvw run ticker');
  // A version 1 record may not say which file the scenario was in.
  assert.equal(commandFor({ ...plain, asked }, 'four', []), 'pvw run a.ts ticker b.yaml');
});

test('a switch has no value, and a value that looks like an option stays one', () => {
  assert.equal(
    repeated('chat-room', '--compression', '--trace=--my trace', '--quiet'),
    "pvw run chat-room --compression --trace '--my trace' --repeats 3",
  );
});

test('the paths of a profile are asked for by name', () => {
  const { record } = syntheticRun({ routes: syntheticRoutes.slice(0, 3) });
  assert.equal(commandFor(record, 'chat-room', []), 'pvw run chat-room --paths direct,tls,nginx');
  assert.equal(commandOnPath(record, ['ticker']), 'pvw run ticker');
  const { record: other } = syntheticRun({ routes: syntheticRoutes.slice(1, 3) });
  assert.equal(commandOnPath(other, ['ticker']), 'pvw run ticker --paths tls');
  const typed = repeatedAs(other, '--paths', 'tls,nginx');
  assert.equal(commandFor(typed, 'chat-room', []), 'pvw run chat-room --paths tls,nginx');
  assert.equal(commandOnPath(typed, ['ticker']), 'pvw run ticker --paths tls');
});

test('another scenario is measured over the same path, with a load of its own and nothing cut', () => {
  const record = startedBy(
    'chat-room',
    '--clients',
    '50',
    '--proxy',
    'nginx',
    '--storm',
    'node-killed',
    '--rtt',
    '9ms',
  );
  assert.equal(
    commandOnPath(record, ['notifications', '--clients', '1000']),
    'pvw run notifications --clients 1000 --rtt 9ms --proxy nginx',
  );
  const run = { ...syntheticRun({ ended: 0 }), record };
  const commands = decisionTable(analyseRun(run)).flatMap(({ command }) => command ?? []);
  assert.ok(commands.length > 0);
  for (const command of commands) assert.match(command, /^pvw run .* --rtt 9ms --proxy nginx$/);
});
