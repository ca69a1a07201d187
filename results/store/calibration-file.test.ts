import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { handCalibration } from '../../testing/by-hand/plain-calibration.ts';
import { calibrationFile, calibrationsIn, readCalibration, writeCalibration } from './calibration-file.ts';
import { DamagedResults, UnknownSchemaVersion } from './errors.ts';

const home = mkdtempSync(join(tmpdir(), 'pvw-calibration-'));
after(() => rmSync(home, { recursive: true }));

function fileWith(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  return path;
}

const whole = JSON.stringify(handCalibration);

test('what was written is read again', () => {
  const directory = join(home, 'whole');
  mkdirSync(directory);
  const path = writeCalibration(directory, handCalibration);
  assert.equal(path, join(directory, calibrationFile));
  assert.deepEqual(readCalibration(path), handCalibration);
  assert.match(readFileSync(path, 'utf8'), /^\{\n {2}"calibrationVersion": 1,[\s\S]*\}\n$/);
});

test('a byte order mark before it does not matter', () => {
  assert.deepEqual(readCalibration(fileWith('marked.json', `\ufeff${whole}`)), handCalibration);
});

describe('no file is no calibration', () => {
  test('nothing there', () => assert.equal(readCalibration(join(home, 'nothing.json')), undefined));
  test('a file in place of the directory', () => {
    assert.equal(readCalibration(join(fileWith('a-file', ''), calibrationFile)), undefined);
  });
});

describe('refused, with the file named', () => {
  const refused = (path: string, kind: typeof DamagedResults | typeof UnknownSchemaVersion, why: RegExp) =>
    assert.throws(
      () => readCalibration(path),
      (error) => error instanceof kind && error.message.startsWith(`${path}: `) && why.test(error.message),
    );

  test('no JSON', () =>
    refused(fileWith('cut.json', whole.slice(0, -1)), DamagedResults, /is damaged \(not valid JSON\)/));
  test('null', () => refused(fileWith('null.json', 'null'), DamagedResults, /is damaged \(the record: /));
  test('a field of another kind', () => {
    const text = JSON.stringify({ ...handCalibration, measuredAt: 'today' });
    refused(fileWith('kind.json', text), DamagedResults, /is damaged \(measuredAt: /);
  });
  test('a field that nobody knows', () => {
    const text = JSON.stringify({ ...handCalibration, more: 1 });
    refused(fileWith('more.json', text), DamagedResults, /is damaged \(the record: .*more/);
  });
  test('another version', () => {
    const text = JSON.stringify({ ...handCalibration, calibrationVersion: 2 });
    refused(
      fileWith('newer.json', text),
      UnknownSchemaVersion,
      /has calibrationVersion 2, this pvw reads 1; make a new one: npx pvw calibrate$/,
    );
  });
  test('a directory in place of the file', () => refused(home, DamagedResults, /cannot be read \(/));
  test('a file that is far too large', () => {
    refused(fileWith('large.json', ' '.repeat(4 * 1024 * 1024 + 1)), DamagedResults, /cannot be read \(/);
  });
});

describe('in the runs of a results directory', () => {
  const results = join(home, 'results');
  const keep = (name: string, measuredAt: string, text?: string) => {
    mkdirSync(join(results, name), { recursive: true });
    const record = JSON.stringify({ ...handCalibration, measuredAt });
    writeFileSync(join(results, name, calibrationFile), text ?? record);
  };
  keep('a', '2026-01-01T00:00:00.000Z');
  keep('b', '2026-03-01T00:00:00.000Z');
  keep('c', '2026-02-01T00:00:00.000Z');
  keep('damaged', '', '{');
  mkdirSync(join(results, 'no-calibration'));

  test('the newest comes first, and damaged ones are left out', () => {
    assert.deepEqual(
      calibrationsIn(results).map(({ measuredAt }) => measuredAt.slice(0, 7)),
      ['2026-03', '2026-02', '2026-01'],
    );
  });
  test('without such a directory there are none', () => assert.deepEqual(calibrationsIn(join(home, 'nowhere')), []));
});
