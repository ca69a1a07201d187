import type { Calibration, PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { shippedCalibrations } from '../../../results/store/shipped-calibrations.ts';

/** The calibration of the direct path that comes with pvw. */
export function directCalibration(): { readonly calibration: Calibration; readonly path: PathCalibration } {
  for (const calibration of shippedCalibrations()) {
    const path = calibration.paths.find(({ route }) => route === undefined);
    if (path) return { calibration, path };
  }
  throw new Error('the calibration of the direct path that comes with pvw is gone');
}
