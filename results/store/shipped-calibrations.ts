import { join } from 'node:path';
import type { Calibration } from '../schema/calibration-schema.ts';
import { calibrationsIn } from './calibration-file.ts';

/** Calibrations that come with pvw, measured where its reference results were; one directory for each path. */
export function shippedCalibrations(): readonly Calibration[] {
  return calibrationsIn(join(import.meta.dirname, '..', 'calibration'));
}
