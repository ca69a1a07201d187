import type { z } from 'zod';
import { readBounded, UnreadableFile } from '../../text/bounded-file.ts';
import { plainText } from '../../text/plain-text.ts';
import { fieldInVersion1, isVersion1, migrateRun, migrateTrial } from '../schema/migration.ts';
import { type Run, type RunRecord, runRecord, schemaVersion, type TrialRecord, trialRecord } from '../schema/schema.ts';
import { DamagedResults, NoRun, ResultsError, UnknownSchemaVersion } from './errors.ts';
import { filesOf, mostBytes } from './files.ts';
import { undecodable } from './histogram-encoding.ts';
import { isOwned } from './owner.ts';
import { isJson, linesOf, parseJson, type RecordText, withoutMark } from './record-text.ts';

/**
 * Reads a run directory in any state. A run whose process is gone reads as `interrupted`; records of schema version 1
 * are migrated.
 *
 * Throws `NoRun`, `DamagedResults` or `UnknownSchemaVersion`; each message names the file, and the line where there are
 * several. Files, lines and nesting beyond what pvw writes are refused before they are parsed.
 */
export function readRun(directory: string): Run {
  const files = filesOf(directory);
  // Anything but a missing file is no proof that there is no run.
  const missing = new NoRun(`${directory}: holds no run (run.json is missing)`);
  const stored = parse({ place: files.run, bytes: readBytes(files.run, mostBytes.run, missing) }, ofRun);
  const record: RunRecord =
    stored.status === 'running' && !isOwned(directory) ? { ...stored, status: 'interrupted' } : stored;
  return { record, trials: readTrials(files.trials, stored.status === 'running') };
}

/** Whether `readRun` reads it. */
export function isReadableRun(directory: string): boolean {
  try {
    readRun(directory);
    return true;
  } catch (error) {
    if (!(error instanceof ResultsError)) throw error;
    return false;
  }
}

/**
 * `unfinished`: the writer may have been stopped in the middle of a line, so a torn last line is dropped instead of
 * refused.
 */
function readTrials(path: string, unfinished: boolean): readonly TrialRecord[] {
  const trials: TrialRecord[] = [];
  for (const line of linesOf(path, readBytes(path, mostBytes.trials), mostBytes.trial)) {
    if (!line.isEnded && unfinished && !isJson(line)) break;
    trials.push(parse(line, ofTrial));
  }
  return trials;
}

/** Throws `missing` if there is no such file. */
function readBytes(path: string, most: number, missing?: NoRun): Buffer {
  try {
    return withoutMark(readBounded(path, { mostBytes: most }));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    if (error.code === 'ENOENT' && missing) throw missing;
    throw new DamagedResults(`${path}: cannot be read (${error.message})`);
  }
}

type Kind<T> = { readonly schema: z.ZodType<T>; readonly migrate: (value: unknown) => unknown };

const ofRun: Kind<RunRecord> = { schema: runRecord, migrate: migrateRun };
const ofTrial: Kind<TrialRecord> = { schema: trialRecord, migrate: migrateTrial };

function parse<T>(text: RecordText, kind: Kind<T>): T {
  const { place } = text;
  const value = parseJson(text);
  refuseOtherVersions(place, value);
  const result = check(text, value, kind);
  if (result.success) {
    const fault = undecodable(result.data);
    if (fault !== undefined) throw new DamagedResults(`${place}: is damaged (${fault})`);
    return result.data;
  }
  const issue = result.error.issues[0];
  const field = issue?.path.join('.') || 'the record';
  // Name the field as the file on disk has it.
  const at = isVersion1(value) ? fieldInVersion1(field) : field;
  const why = plainText(`${at}: ${issue?.message ?? 'does not follow the schema'}`);
  throw new DamagedResults(`${place}: is damaged (${why})`);
}

function check<T>({ place }: RecordText, value: unknown, { schema, migrate }: Kind<T>): z.ZodSafeParseResult<T> {
  try {
    return schema.safeParse(migrate(value));
  } catch (error) {
    // zod passes all faults of a list as arguments of one call, and a hundred thousand are too many.
    if (!(error instanceof RangeError)) throw error;
    throw new DamagedResults(`${place}: is damaged (does not follow the schema in too many places)`);
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
