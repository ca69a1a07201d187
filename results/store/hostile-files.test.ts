import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeSyntheticRun } from '../../testing/faults/written-run.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import type { RunRecord } from '../schema/schema.ts';
import { checkDirectory, latestRun } from './directory.ts';
import { DamagedResults, NoRun, UnusableDirectory, UnwritableFile } from './errors.ts';
import { fileBehind } from './file-behind.ts';
import { filesOf, writeWhole } from './files.ts';
import { isReadableRun, readRun } from './read-run.ts';
import { createStore } from './store.ts';

/** Files of a run, and surroundings of them, as pvw never makes them. */
const home = mkdtempSync(join(tmpdir(), 'pvw-hostile-'));
// For everyone: some tests go on as another user.
chmodSync(home, 0o777);
after(() => rmSync(home, { recursive: true, force: true }));
const inside = (name: string) => join(home, name);

const { record, trials } = syntheticRun({ repeats: 1 });
const mebibyte = 1024 * 1024;

function written(name: string) {
  writeSyntheticRun(inside(name));
  return filesOf(inside(name));
}

function refusal(directory: string): string {
  try {
    readRun(directory);
  } catch (error) {
    assert.ok(error instanceof DamagedResults, `${error}`);
    return error.message;
  }
  return assert.fail('it was read');
}

/** Root may do anything, so it acts as nobody. */
function asNobody(action: () => void): void {
  const isRoot = process.geteuid!() === 0;
  if (isRoot) process.seteuid!(65_534);
  try {
    action();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

test('a file of newlines ends at its first line, without a list of them', () => {
  const { trials: path } = written('newlines');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, Buffer.alloc(60 * mebibyte, '\n'));
  assert.equal(refusal(inside('newlines')), `${path}:1: is damaged (the line is empty)`);
  for (const empty of ['\n', '\r\n']) {
    writeFileSync(path, `${text}${empty}`);
    assert.match(refusal(inside('newlines')), /trials\.jsonl:\d+: is damaged \(the line is empty\)$/);
  }
});

test('line endings of Windows and a byte order mark are read', () => {
  const files = written('windows');
  const run = readRun(inside('windows'));
  writeFileSync(files.run, `\ufeff${readFileSync(files.run, 'utf8')}`);
  writeFileSync(files.trials, `\ufeff${readFileSync(files.trials, 'utf8').replaceAll('\n', '\r\n')}`);
  assert.deepEqual(readRun(inside('windows')), run);
});

test('files and lines beyond their limits are refused with the limit', () => {
  const files = written('large');
  writeFileSync(files.trials, `${JSON.stringify(trials[0])}\n${' '.repeat(8 * mebibyte)}{}\n`);
  assert.equal(refusal(inside('large')), `${files.trials}:2: is damaged (longer than 8 MiB)`);
  truncateSync(files.trials, 64 * mebibyte + 1);
  assert.equal(refusal(inside('large')), `${files.trials}: cannot be read (is larger than 64 MiB)`);
  truncateSync(files.run, 4 * mebibyte + 1);
  assert.equal(refusal(inside('large')), `${files.run}: cannot be read (is larger than 4 MiB)`);
});

test('what is too deep or has too many values is refused before it is parsed', () => {
  const files = written('deep');
  const deep = '['.repeat(4_000_000);
  writeFileSync(files.trials, `{"a":"[[\\"${'['.repeat(40)}"}\n`);
  assert.match(refusal(inside('deep')), /:1: is damaged \(schemaVersion|:1: is damaged \(status/);
  writeFileSync(files.trials, `{"a":"\\\\",${deep}`);
  assert.equal(refusal(inside('deep')), `${files.trials}:1: is damaged (more than 32 levels deep)`);
  writeFileSync(files.run, `${'['.repeat(33)}${']'.repeat(33)}`);
  assert.equal(refusal(inside('deep')), `${files.run}: is damaged (more than 32 levels deep)`);
  writeFileSync(files.run, `${'['.repeat(32)}${']'.repeat(32)}`);
  assert.doesNotMatch(refusal(inside('deep')), /levels/);
  writeFileSync(files.run, `{"plan":{"scenarios":[${'{},'.repeat(40_000)}{}]}}`);
  assert.equal(refusal(inside('deep')), `${files.run}: is damaged (more than 30000 objects)`);
  writeFileSync(files.run, `[${'1,'.repeat(400_000)}1]`);
  assert.equal(refusal(inside('deep')), `${files.run}: is damaged (more than 300000 values)`);
});

test('more faults than zod can collect are one line', () => {
  const files = written('faulty');
  writeFileSync(files.run, JSON.stringify(withTrace(Array(200_000).fill(''))));
  assert.equal(refusal(inside('faulty')), `${files.run}: is damaged (does not follow the schema in too many places)`);
});

function withTrace(instantsMs: readonly number[]): RunRecord {
  const changed = structuredClone(record);
  const scenario = { ...changed.plan.scenarios[0]!.scenario, arrivals: { kind: 'trace', instantsMs, lengthMs: 1e9 } };
  Object.assign(changed.plan.scenarios[0]!, { scenario });
  return changed;
}

test('a run whose record could not be read again does not begin, and a long trace that can be read does', () => {
  const instants = (count: number) => Array.from({ length: count }, (_, index) => 10_000_000 + index);
  mkdirSync(inside('trace'));
  assert.throws(
    () => createStore(inside('trace'), withTrace(instants(300_000))),
    new UnwritableFile(filesOf(inside('trace')).run, 'it would be larger than 4 MiB, mostly the instants of a trace'),
  );
  assert.deepEqual(readdirSync(inside('trace')), []);
  createStore(inside('trace'), withTrace(instants(100_000))).finish('completed', '2025-01-31T12:04:31.000Z');
  assert.equal(readRun(inside('trace')).record.status, 'completed');
});

test('only a missing file means that there is no run', () => {
  assert.throws(() => readRun(inside('nowhere')), NoRun);
  mkdirSync(inside('looping'));
  symlinkSync('run.json', inside('looping/run.json'));
  assert.equal(refusal(inside('looping')), `${inside('looping/run.json')}: cannot be read (ELOOP)`);
  writeFileSync(inside('a-file'), '');
  assert.equal(refusal(inside('a-file')), `${inside('a-file/run.json')}: cannot be read (ENOTDIR)`);
  written('locked');
  assert.equal(isReadableRun(inside('locked')), true);
  chmodSync(inside('locked'), 0);
  asNobody(() => {
    assert.equal(refusal(inside('locked')), `${inside('locked/run.json')}: cannot be read (EACCES)`);
    assert.equal(isReadableRun(inside('locked')), false);
  });
  chmodSync(inside('locked'), 0o700);
});

test('a directory that cannot be listed and a link that leads nowhere are named, with the word of the system', () => {
  const refused = (path: string, why: string) =>
    assert.throws(() => checkDirectory(path), new UnusableDirectory(`${path}: cannot be read (${why})`));
  symlinkSync('loop', inside('loop'));
  symlinkSync('nothing', inside('dangling'));
  refused(inside('loop'), 'ELOOP');
  refused(inside('dangling'), 'ENOENT');
  mkdirSync(inside('unlisted'));
  chmodSync(inside('unlisted'), 0o333);
  asNobody(() => {
    refused(inside('unlisted'), 'EACCES');
    checkDirectory(inside('unlisted/new'));
    assert.throws(() => latestRun(inside('unlisted')), /unlisted: cannot be read \(EACCES\)$/);
  });
  writeFileSync(inside('results'), '');
  assert.throws(() => latestRun(inside('results')), UnusableDirectory);
  assert.throws(() => latestRun(inside('loop')), UnusableDirectory);
});

const losses: Readonly<Record<string, (directory: string) => void>> = {
  'removed directory': (directory) => rmSync(directory, { recursive: true }),
  'moved directory': (directory) => renameSync(directory, `${directory}-elsewhere`),
  'removed file': (directory) => rmSync(filesOf(directory).trials),
  'replaced file': (directory) => {
    rmSync(filesOf(directory).trials);
    writeFileSync(filesOf(directory).trials, '');
  },
};

for (const [name, lose] of Object.entries(losses)) {
  test(`a run does not go on without its files: ${name}`, () => {
    const directory = inside(name.replace(' ', '-'));
    mkdirSync(directory);
    const store = createStore(directory, record);
    store.append(trials[0]!);
    lose(directory);
    const path = filesOf(directory).trials;
    assert.throws(
      () => store.append(trials[1]!),
      new UnwritableFile(path, 'it was removed or replaced during the run'),
    );
  });
}

test('the end of a run leaves alone what has taken its place', () => {
  const directory = inside('taken');
  mkdirSync(directory);
  const store = createStore(directory, record);
  renameSync(directory, `${directory}-elsewhere`);
  written('taken');
  writeFileSync(filesOf(directory).owner, '{}');
  const before = readFileSync(filesOf(directory).run);
  assert.throws(() => store.finish('interrupted', '2025-01-31T12:04:31.000Z'), /removed or replaced during the run/);
  assert.deepEqual(readFileSync(filesOf(directory).run), before);
  assert.deepEqual(readdirSync(directory).sort(), ['owner.json', 'run.json', 'trials.jsonl']);
});

test('a file with the longest name is written, and a failure leaves nothing behind', () => {
  const directory = inside('names');
  mkdirSync(directory);
  const longest = `${'x'.repeat(251)}.csv`;
  writeWhole(join(directory, longest), 'all');
  assert.equal(readFileSync(join(directory, longest), 'utf8'), 'all');
  mkdirSync(join(directory, 'taken'));
  assert.throws(() => writeWhole(join(directory, 'taken'), ''), UnwritableFile);
  assert.throws(() => writeWhole(join(directory, `${longest}x`), ''), /\(ENAMETOOLONG\)/);
  assert.deepEqual(readdirSync(directory).sort(), ['taken', longest]);
});

test('the file behind a path is found whether it exists or not', () => {
  mkdirSync(inside('real'));
  symlinkSync('real', inside('alias'));
  assert.equal(fileBehind(inside('alias/new')), fileBehind(inside('real/new')));
  symlinkSync('real/there', inside('to-there'));
  assert.throws(() => fileBehind(inside('to-there')), /to-there: cannot be written \(ENOENT\)/);
  writeFileSync(inside('real/there'), '');
  assert.equal(fileBehind(inside('to-there')), fileBehind(inside('real/there')));
});
