import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import { fieldInVersion1, isVersion1, migrateRun, migrateTrial } from '../schema/migration.ts';
import { type Run, type RunRecord, runRecord, schemaVersion, type TrialRecord, trialRecord } from '../schema/schema.ts';
import { DamagedResults, NoRun, UnknownSchemaVersion } from './errors.ts';
import { filesOf } from './files.ts';
import { isOwned } from './owner.ts';

/**
 * Reads a run directory in any state. A run whose process is gone reads as `interrupted`; records of schema version 1
 * are migrated.
 *
 * Throws `NoRun`, `DamagedResults` or `UnknownSchemaVersion`; each message names the file, and the line where there are
 * several.
 */
export function readRun(directory: string): Run {
  const files = filesOf(directory);
  if (!existsSync(files.run)) throw new NoRun(`${directory}: holds no run (run.json is missing)`);
  const stored = parse(files.run, readText(files.run), ofRun);
  const record: RunRecord =
    stored.status === 'running' && !isOwned(directory) ? { ...stored, status: 'interrupted' } : stored;
  return { record, trials: readTrials(files.trials, stored.status === 'running') };
}

/**
 * `unfinished`: the writer may have been stopped in the middle of a line, so a torn last line is dropped instead of
 * refused.
 */
function readTrials(path: string, unfinished: boolean): readonly TrialRecord[] {
  const lines = readText(path).split('\n');
  const torn = lines.pop() ?? '';
  const trials = lines.map((line, index) => parse(`${path}:${index + 1}`, line, ofTrial));
  if (torn === '' || (unfinished && !isJson(torn))) return trials;
  return [...trials, parse(`${path}:${lines.length + 1}`, torn, ofTrial)];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DamagedResults(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Kind<T> = { readonly schema: z.ZodType<T>; readonly migrate: (value: unknown) => unknown };

const ofRun: Kind<RunRecord> = { schema: runRecord, migrate: migrateRun };
const ofTrial: Kind<TrialRecord> = { schema: trialRecord, migrate: migrateTrial };

function parse<T>(place: string, text: string, { schema, migrate }: Kind<T>): T {
  const value = readJson(place, text);
  refuseOtherVersions(place, value);
  const result = schema.safeParse(migrate(value));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'the record';
  // Name the field as the file on disk has it.
  const at = isVersion1(value) ? fieldInVersion1(field) : field;
  throw new DamagedResults(`${place}: is damaged (${at}: ${issue?.message ?? 'does not follow the schema'})`);
}

function readJson(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedResults(`${place}: is damaged (not valid JSON)`);
  }
}

const knownVersions: readonly number[] = [1, schemaVersion];

function refuseOtherVersions(place: string, value: unknown): void {
  const version = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version !== 'number' || knownVersions.includes(version)) return;
  throw new UnknownSchemaVersion(
    `${place}: has schema version ${version}, this pvw reads versions ${knownVersions.join(' and ')}; ${
      version > schemaVersion ? 'a newer pvw is needed' : 'the pvw that wrote it is needed'
    }`,
  );
}
