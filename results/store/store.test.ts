import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import type { Run } from '../schema/schema.ts';
import { latestRun, newRunDirectory, prepareDirectory, runDirectoryName } from './directory.ts';
import { DamagedResults, NoRun, ResultsError, UnknownSchemaVersion, UnusableDirectory } from './errors.ts';
import { readRun } from './read-run.ts';
import { createStore, reopenStore } from './store.ts';

const run = syntheticRun({ repeats: 1 });

const temporary: string[] = [];
after(() => {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
});

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'pvw-results-'));
  temporary.push(directory);
  return directory;
}

function stored({ record, trials }: Run, finish: 'completed' | 'never' = 'completed'): string {
  const directory = emptyDirectory();
  const store = createStore(directory, record);
  for (const trial of trials) store.append(trial);
  if (finish !== 'never') store.finish(finish, '2025-01-31T12:04:31.000Z');
  return directory;
}

function rewrite(directory: string, file: string, change: (text: string) => string): void {
  writeFileSync(join(directory, file), change(readFileSync(join(directory, file), 'utf8')));
}

test('what was stored is read back', () => {
  const directory = stored(run);
  assert.deepEqual(readRun(directory), run);
  assert.deepEqual(readdirSync(directory).sort(), ['run.json', 'trials.jsonl']);
});

test('a run is readable while it goes on, and names its process', () => {
  const directory = emptyDirectory();
  const store = createStore(directory, run.record);
  assert.deepEqual(readRun(directory).trials, []);
  assert.equal(readRun(directory).record.status, 'running');
  store.append(run.trials[0]!);
  assert.equal(readRun(directory).trials.length, 1);
  store.finish('interrupted', '2025-01-31T12:01:00.000Z');
  store.finish('completed', '2025-01-31T12:02:00.000Z');
  assert.equal(readRun(directory).record.status, 'interrupted');
  assert.equal(readRun(directory).record.endedAt, '2025-01-31T12:01:00.000Z');
});

test('a run whose process is gone reads as interrupted', () => {
  const directory = stored(run, 'never');
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(join(directory, 'owner.json'), JSON.stringify({ pid: gone, startTime: '1' }));
  assert.equal(readRun(directory).record.status, 'interrupted');
  writeFileSync(join(directory, 'owner.json'), JSON.stringify({ pid: process.pid, startTime: 'another process' }));
  assert.equal(readRun(directory).record.status, 'interrupted');
  rmSync(join(directory, 'owner.json'));
  assert.equal(readRun(directory).record.status, 'interrupted');
});

test('a torn last line is dropped while the run has not finished, and refused afterwards', () => {
  const torn = JSON.stringify(run.trials[0]).slice(0, 100);
  const unfinished = stored(run, 'never');
  appendFileSync(join(unfinished, 'trials.jsonl'), torn);
  assert.equal(readRun(unfinished).trials.length, run.trials.length);
  const finished = stored(run);
  appendFileSync(join(finished, 'trials.jsonl'), torn);
  assert.throws(() => readRun(finished), {
    name: 'DamagedResults',
    message: `${join(finished, 'trials.jsonl')}:${run.trials.length + 1}: is damaged (not valid JSON)`,
  });
});

test('a last line that lacks only its newline counts', () => {
  const directory = stored(run);
  rewrite(directory, 'trials.jsonl', (text) => text.trimEnd());
  assert.deepEqual(readRun(directory), run);
});

test('a damaged distribution is named', () => {
  const directory = stored(run);
  rewrite(directory, 'trials.jsonl', (text) => text.replace(/("delivery":\{[^}]*"encoded":".{40})./, '$1!'));
  assert.throws(
    () => readRun(directory),
    /^DamagedResults: \S+trials\.jsonl:1: is damaged \(latency\.delivery\.encoded: is no base64\)$/,
  );
});

test('a damaged line is named, with what is wrong in it', () => {
  const directory = stored(run);
  rewrite(directory, 'trials.jsonl', (text) => text.replace('"accepted":', '"taken":'));
  assert.throws(
    () => readRun(directory),
    (error: Error) =>
      error instanceof DamagedResults && /trials\.jsonl:1: is damaged \(updates\.accepted: .+\)$/.test(error.message),
  );
  rewrite(directory, 'trials.jsonl', (text) => text.split('\n').slice(1).join('\n').replace('"status"', '}'));
  assert.throws(() => readRun(directory), /trials\.jsonl:1: is damaged \(not valid JSON\)/);
  rewrite(directory, 'run.json', () => '[]');
  assert.throws(() => readRun(directory), /run\.json: is damaged/);
});

test('a missing file is named', () => {
  assert.throws(() => readRun('/nowhere/at/all'), NoRun);
  const directory = stored(run);
  rmSync(join(directory, 'trials.jsonl'));
  assert.throws(() => readRun(directory), /trials\.jsonl: cannot be read \(ENOENT\)/);
});

test('an unknown schema version is refused with the known ones', () => {
  const directory = stored(run);
  rewrite(directory, 'run.json', (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 7'));
  assert.throws(() => readRun(directory), UnknownSchemaVersion);
  assert.throws(() => readRun(directory), /schema version 7, this pvw reads versions 1 and 2; a newer pvw is needed/);
});

test('a run directory is named after its instant and its name', () => {
  const date = new Date('2025-01-31T23:59:58.123Z');
  assert.equal(runDirectoryName('quick', date), '20250131T235958Z-quick');
  assert.equal(runDirectoryName('../My Run\u202e!', date), '20250131T235958Z-my-run');
  assert.equal(runDirectoryName('…', date), '20250131T235958Z-run');
  const results = emptyDirectory();
  for (const suffix of ['', '-2', '-3']) {
    const directory = newRunDirectory(results, 'quick', date);
    assert.equal(directory, join(results, `20250131T235958Z-quick${suffix}`));
    prepareDirectory(directory);
  }
});

test('the latest run is the newest stamp that holds a run', () => {
  const results = emptyDirectory();
  assert.equal(latestRun(results), undefined);
  assert.equal(latestRun(join(results, 'missing')), undefined);
  const names = ['20250101T000000Z-a-9', '20250101T000000Z-a-10', '20240101T000000Z-b', 'reference'];
  for (const name of names) {
    mkdirSync(join(results, name));
    writeFileSync(join(results, name, 'run.json'), '{}');
  }
  mkdirSync(join(results, '20260101T000000Z-empty'));
  assert.equal(latestRun(results), join(results, '20250101T000000Z-a-10'));
});

test('a directory that cannot be used is refused and left alone', () => {
  const parent = emptyDirectory();
  const used = stored(run);
  assert.throws(() => prepareDirectory(used), UnusableDirectory);
  assert.deepEqual(readRun(used), run);
  const file = join(parent, 'file');
  writeFileSync(file, 'mine');
  assert.throws(() => prepareDirectory(file), /is not a directory/);
  assert.throws(() => prepareDirectory(join(file, 'below')), ResultsError);
  assert.throws(() => prepareDirectory('/proc/pvw'), UnusableDirectory);
  prepareDirectory(join(parent, 'a', 'b'));
  prepareDirectory(join(parent, 'a', 'b'));
  assert.deepEqual(readdirSync(parent).sort(), ['a', 'file']);
});

test('a run that was stopped goes on: what it has is kept, and its last line is made whole or dropped', () => {
  const [first, second] = run.trials;
  for (const end of ['', JSON.stringify(second).slice(0, 100)]) {
    const directory = stored({ record: run.record, trials: [first!] }, 'never');
    appendFileSync(join(directory, 'trials.jsonl'), end);
    const again = reopenStore(directory, run.record);
    assert.equal(readRun(directory).record.status, 'running');
    again.append(second!);
    again.finish('completed', '2025-01-31T12:04:31.000Z');
    assert.deepEqual(readRun(directory).trials, [first, second]);
    assert.deepEqual(readdirSync(directory).sort(), ['run.json', 'trials.jsonl']);
  }
  // Stopped between the line and its end.
  const whole = stored({ record: run.record, trials: [] }, 'never');
  appendFileSync(join(whole, 'trials.jsonl'), JSON.stringify(first));
  const again = reopenStore(whole, run.record);
  again.append(second!);
  again.finish('completed', '2025-01-31T12:04:31.000Z');
  assert.deepEqual(readRun(whole).trials, [first, second]);
});

test('a run goes on that was stopped before its first trial', () => {
  const directory = stored({ record: run.record, trials: [] }, 'never');
  rmSync(join(directory, 'trials.jsonl'));
  const again = reopenStore(directory, run.record);
  again.append(run.trials[0]!);
  again.finish('interrupted', '2025-01-31T12:04:31.000Z');
  assert.equal(readRun(directory).trials.length, 1);
});
