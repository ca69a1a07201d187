import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded, UnreadableFile } from '../../text/bounded-file.ts';
import { plainText } from '../../text/plain-text.ts';
import { type Calibration, calibrationRecord, calibrationVersion } from '../schema/calibration-schema.ts';
import { DamagedResults, UnknownSchemaVersion } from './errors.ts';
import { writeWhole } from './files.ts';
import { parseJson, withoutMark } from './record-text.ts';

/** The file of a calibration, in the directory of the run that it was fitted to. */
export const calibrationFile = 'calibration.json';

/** One path takes some 15 kB. */
const mostBytes = 4 * 1024 * 1024;

/** Throws `UnwritableFile`. */
export function writeCalibration(directory: string, calibration: Calibration): string {
  const path = join(directory, calibrationFile);
  writeWhole(path, `${JSON.stringify(calibration, null, 2)}\n`);
  return path;
}

/** `undefined` if there is no such file. Throws `DamagedResults` or `UnknownSchemaVersion`, naming the file. */
export function readCalibration(path: string): Calibration | undefined {
  const bytes = bytesOf(path);
  if (!bytes) return undefined;
  const value = parseJson({ place: path, bytes: withoutMark(bytes) });
  const version = (value as { readonly calibrationVersion?: unknown } | null)?.calibrationVersion;
  if (typeof version === 'number' && version !== calibrationVersion) {
    throw new UnknownSchemaVersion(
      `${path}: has calibrationVersion ${version}, this pvw reads ${calibrationVersion}; make a new one: npx pvw calibrate`,
    );
  }
  const result = calibrationRecord.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const why = plainText(`${issue?.path.join('.') || 'the record'}: ${issue?.message ?? 'does not follow the schema'}`);
  throw new DamagedResults(`${path}: is damaged (${why})`);
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readBounded(path, { mostBytes });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new DamagedResults(`${path}: cannot be read (${error.message})`);
  }
}

/** The calibrations in the runs of a results directory, the newest first; damaged ones are left out. */
export function calibrationsIn(results: string): readonly Calibration[] {
  return runsIn(results)
    .flatMap((name) => readOrSkip(join(results, name, calibrationFile)) ?? [])
    .sort((a, b) => b.measuredAt.localeCompare(a.measuredAt));
}

function runsIn(results: string): readonly string[] {
  try {
    return readdirSync(results);
  } catch {
    return [];
  }
}

function readOrSkip(path: string): Calibration | undefined {
  try {
    return readCalibration(path);
  } catch {
    return undefined;
  }
}
