import { randomBytes } from 'node:crypto';
import { calibrationOf, NoCalibration } from '../../analysis/model/cost/calibration-of-run.ts';
import { calibrationPlan } from '../../bench/plan/calibration-plan.ts';
import { readMachineLimits } from '../../bench/plan/capacity.ts';
import { isDirect, routeName } from '../../network/route/route.ts';
import { renderCalibration } from '../../report/terminal/calibration-terminal.ts';
import type { Calibration } from '../../results/schema/calibration-schema.ts';
import { writeCalibration } from '../../results/store/calibration-file.ts';
import { ResultsError } from '../../results/store/errors.ts';
import { readRun } from '../../results/store/read-run.ts';
import { chooseDirectory } from '../files/directories.ts';
import type { CalibrationOptions } from '../options/calibration-options.ts';
import { checkPlan, checkTools } from '../request/check-plan.ts';
import { decideNetwork } from '../request/network-choice.ts';
import { routesRequested } from '../request/routes-requested.ts';
import { machineFor } from '../request/shared-machine.ts';
import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import { print } from '../screen/output.ts';
import { carryOut } from '../session/carry-out.ts';
import { nothingAsked } from './nothing-asked.ts';

/** Calibrates one path, and writes the costs beside the trials. Everything is checked before anything is written. */
export async function calibrate(command: readonly string[], options: CalibrationOptions): Promise<ExitCode> {
  const { tls, proxy, headers, cookieBytes } = options;
  const [route] = routesRequested(
    {
      ...(tls && { tls }),
      ...(proxy && { proxy, nodes: 1 }),
      ...(headers && { headers }),
      ...(cookieBytes !== undefined && { cookieBytes }),
    },
    [],
  );
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const asked = { route: route!, seed, ...(options.clients !== undefined && { clients: options.clients }) };
  const tried = calibrationPlan({ ...asked, network: 'isolated' });
  checkPlan(tried, {}, readMachineLimits());
  checkTools(tried);
  const startedAt = new Date();
  const name = isDirect(route!) ? 'calibration' : `calibration-${routeName(route!)}`;
  const directory = chooseDirectory(options.out, name, startedAt);
  const machine = await machineFor(directory, options);
  try {
    const decided = await decideNetwork(tried, options);
    const plan = calibrationPlan({ ...asked, network: decided.plan.network });
    const session = { ...decided, plan, command, asked: nothingAsked(plan), name, startedAt, directory };
    const status = await carryOut({ ...session, beside: machine.beside }, options);
    if (status === 'interrupted') return exitCodes.interrupted;
  } finally {
    machine.release();
  }
  const calibration = calibrationFrom(directory);
  const file = writeCalibration(directory, calibration);
  print(options.json ? `${JSON.stringify(calibration, null, 2)}\n` : renderCalibration(calibration, file));
  return exitCodes.done;
}

function calibrationFrom(directory: string): Calibration {
  try {
    return calibrationOf(readRun(directory));
  } catch (error) {
    if (!(error instanceof NoCalibration)) throw error;
    throw new ResultsError(`${directory}: ${error.message}; pvw report ${directory} shows what went wrong`);
  }
}
