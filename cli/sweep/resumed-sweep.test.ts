import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import type { RunRecord } from '../../results/schema/schema.ts';
import { createStore } from '../../results/store/store.ts';
import { syntheticRun } from '../../testing/synthetic/synthetic.ts';
import { UsageError } from '../../text/usage-error.ts';
import { readSweep, stoppedSweep } from './resumed-sweep.ts';

const home = mkdtempSync(join(tmpdir(), 'pvw-resumed-'));
after(() => rmSync(home, { recursive: true }));

const begunWith = 'chat-room --over clients=60,120 --over rtt=10ms,40ms --repeats 3 --tls --quiet'.split(' ');
const plain = syntheticRun({ repeats: 1 }).record;
let runs = 0;

/** A directory with the record of a sweep. */
function stopped(given: Partial<RunRecord> = {}, status: 'completed' | 'interrupted' = 'interrupted'): string {
  const directory = join(home, String(++runs));
  mkdirSync(directory);
  const record = { ...plain, version: packageJson.version, command: ['pvw', 'sweep', ...begunWith], ...given };
  createStore(directory, record).finish(status, '2025-01-31T12:04:31.000Z');
  return directory;
}

function complaint(directory: string, words = ''): string {
  try {
    stoppedSweep(directory, readSweep(words.split(' ').filter((word) => word !== '')));
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error.message.replace(directory, 'it');
  }
  return assert.fail('nothing was refused');
}

describe('a sweep that was stopped', () => {
  test('goes on with the options that it was begun with', () => {
    const { begun } = stoppedSweep(stopped(), readSweep([]));
    assert.deepEqual(begun.words, ['chat-room']);
    assert.deepEqual(begun.options.over, [
      { word: 'clients', values: [60, 120] },
      { word: 'rtt', values: [10, 40] },
    ]);
    assert.deepEqual([begun.options.repeats, begun.options.tls], [3, true]);
  });

  test('may be given them again, in any order, and others for the result', () => {
    const again = 'chat-room --tls --over rtt=10ms,40ms --over clients=60,120 --json --export-csv all.csv';
    assert.deepEqual(stoppedSweep(stopped(), readSweep(again.split(' '))).begun.words, ['chat-room']);
  });
});

describe('refused', () => {
  test('another option, by its name', () => {
    const directory = stopped();
    assert.equal(
      complaint(directory, '--repeats 5'),
      '--repeats: "5" is another sweep: it was begun with "3"; leave it out',
    );
    assert.equal(
      complaint(directory, '--compression'),
      '--compression: it is another sweep: it was begun without it; leave it out',
    );
    assert.match(
      complaint(directory, '--over clients=60,120'),
      /^--over: "clients=60,120" is another sweep: it was begun with "clients=60,120" and "rtt=10ms,40ms"; leave it out$/,
    );
  });

  test('another scenario', () => {
    assert.equal(complaint(stopped(), 'ticker'), '--resume: it was begun with chat-room, not ticker; leave it out');
  });

  test('what is no sweep, is complete, or was begun by another pvw', () => {
    assert.match(complaint(stopped({ command: ['pvw', 'run'] })), /^--resume: it holds no sweep/);
    assert.match(complaint(stopped({}, 'completed')), /^--resume: it has nothing left to do; pvw report/);
    assert.match(complaint(stopped({ version: '0.0.1' })), /^--resume: it was begun with pvw 0\.0\.1, and this is /);
  });

  test('what goes on in a process that runs', () => {
    const directory = join(home, 'going');
    mkdirSync(directory);
    createStore(directory, { ...plain, version: packageJson.version, command: ['pvw', 'sweep', ...begunWith] });
    assert.match(complaint(directory), /^--resume: it is going on$/);
  });

  test('a directory without a run', () => {
    assert.match(complaint(join(home, 'none')), /^--resume: .* holds no run/);
  });
});
