import { basename } from 'node:path';
import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { mainRoute, routeNamed } from '../../analysis/figures/run-routes.ts';
import { calibrationOf, NoCalibration } from '../../analysis/model/cost/calibration-of-run.ts';
import { isAlikeRoute, pathPhrase, pathWords } from '../../analysis/model/prediction/path.ts';
import { numbersOf, type YourNumbers } from '../../analysis/model/prediction/your-numbers.ts';
import type { Calibration } from '../../results/schema/calibration-schema.ts';
import type { Run } from '../../results/schema/schema.ts';
import { shippedCalibrations } from '../../results/store/shipped-calibrations.ts';
import { plainLoad } from '../../scenarios/catalogue/plain-load.ts';
import type { NumbersData } from './your-numbers.ts';

/**
 * What the page of a run predicts from: the run itself if it tells costs, else the calibration that comes with pvw for its
 * path; `undefined` if there is none. `directory`: where the run lies, if it is stored.
 */
export function numbersOfRun(run: Run, directory: string | undefined): NumbersData | undefined {
  const route = routeNamed(run.record, mainRoute(run.record));
  // The command beside the numbers has to name the run.
  const own = directory === undefined ? undefined : ownCalibration(run);
  const candidates = [
    ...(own ? [{ calibration: own, from: 'of this run', option: `--from ${basename(directory!)}` }] : []),
    ...shippedCalibrations().map((calibration) => ({
      calibration,
      from: 'that comes with pvw',
      option: '--from shipped',
    })),
  ];
  for (const { calibration, from, option } of candidates) {
    const path = calibration.paths.find((each) => isAlikeRoute(each.route, route));
    if (!path) continue;
    const pathOptions = [pathWords(route), option].filter((part) => part !== '').join(' ');
    return { calibration, path, from, phrase: pathPhrase(route), pathOptions, usual: usualNumbers(run) };
  }
  return undefined;
}

function ownCalibration(run: Run): Calibration | undefined {
  try {
    return calibrationOf(run);
  } catch (error) {
    if (error instanceof NoCalibration) return undefined;
    throw error;
  }
}

/** The load of the first scenario. */
function usualNumbers({ record }: Run): YourNumbers {
  const planned = record.plan.scenarios[0];
  return numbersOf(
    planned?.scenario ?? plainLoad,
    planned ? plannedLink(planned, record).rttMs : record.plan.link.rttMs,
  );
}
