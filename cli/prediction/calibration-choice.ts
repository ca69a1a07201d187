import { statSync } from 'node:fs';
import { join } from 'node:path';
import { calibrationOf, NoCalibration } from '../../analysis/model/cost/calibration-of-run.ts';
import { calibrateCommand, isAlikeRoute } from '../../analysis/model/prediction/path.ts';
import type { Route } from '../../network/route/route.ts';
import type { Calibration, PathCalibration } from '../../results/schema/calibration-schema.ts';
import { calibrationFile, calibrationsIn, readCalibration } from '../../results/store/calibration-file.ts';
import { shippedCalibrations } from '../../results/store/shipped-calibrations.ts';
import { plainText } from '../../text/plain-text.ts';
import { notAllowed, UsageError } from '../../text/usage-error.ts';
import { findRun, resultsDirectory } from '../files/directories.ts';

/** The calibration of a path, and where it is from. */
export type ChosenCalibration = {
  readonly calibration: Calibration;
  readonly path: PathCalibration;
  readonly from: 'shipped' | 'own' | 'asked';
};

/** In place of a run: what comes with pvw, whatever the user has measured. */
const shippedWord = 'shipped';

/**
 * The newest calibration of this path that the user has made, or the one that comes with pvw; with `from` that of a run or
 * a file alone. Throws `UsageError`, with the command that makes one, if the path was not calibrated.
 */
export function calibrationFor(route: Route, from: string | undefined): ChosenCalibration {
  const candidates = candidatesFor(from);
  for (const { calibration, kind } of candidates) {
    const path = calibration.paths.find((each) => isAlikeRoute(each.route, route));
    if (path) return { calibration, path, from: kind };
  }
  const where = from === undefined ? '' : `${from}: `;
  throw new UsageError(`${where}this path was not calibrated; calibrate it: ${calibrateCommand(route)}`);
}

type Kind = ChosenCalibration['from'];

function candidatesFor(from: string | undefined) {
  const shipped = () => shippedCalibrations().map(ofKind('shipped'));
  if (from === shippedWord) return shipped();
  if (from !== undefined) return [calibrationFrom(from)].map(ofKind('asked'));
  return [...calibrationsIn(resultsDirectory).map(ofKind('own')), ...shipped()];
}

function ofKind(kind: Kind): (calibration: Calibration) => { readonly calibration: Calibration; readonly kind: Kind } {
  return (calibration) => ({ calibration, kind });
}

/** From a file, or from a run: the calibration beside it, or one fitted to its trials. */
function calibrationFrom(asked: string): Calibration {
  const ofFile = isFile(asked) ? readCalibration(asked) : undefined;
  if (ofFile) return ofFile;
  if (isOtherFile(asked)) throw notAllowed('--from', asked, 'a run of pvw calibrate, or its calibration.json');
  const { directory, run } = findRun('--from', asked);
  const kept = readCalibration(join(directory, calibrationFile));
  if (kept) return kept;
  try {
    return calibrationOf(run);
  } catch (error) {
    if (!(error instanceof NoCalibration)) throw error;
    throw notAllowed('--from', asked, 'a run of pvw calibrate, or leave it out', plainText(error.message));
  }
}

/** A file that neither is a calibration nor belongs to a run. */
function isOtherFile(path: string): boolean {
  return !/\.(jsonl?|html)$/.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** A file of a run, such as its page, means the run. */
function isFile(path: string): boolean {
  return (
    path.endsWith('.json') && !path.endsWith('run.json') && statSync(path, { throwIfNoEntry: false }) !== undefined
  );
}
