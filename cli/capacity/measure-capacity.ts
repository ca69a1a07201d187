import { readMachineLimits } from '../../bench/plan/capacity.ts';
import { chooseDirectory } from '../files/directories.ts';
import { checkExportFiles } from '../options/export-files.ts';
import type { TypedOption } from '../options/run-options.ts';
import { askedRecord } from '../request/asked-record.ts';
import { checkTools } from '../request/check-plan.ts';
import { nameOf, oneScenario } from '../request/scenario-arguments.ts';
import type { ExitCode } from '../screen/exit-codes.ts';
import { runSession } from '../session/run-session.ts';
import { type CapacityOptions, capacityOptions } from './capacity-options.ts';
import { capacityRequested } from './capacity-request.ts';
import { conductSearches } from './conduct-searches.ts';

export type TypedCapacity = {
  readonly words: readonly string[];
  readonly options: CapacityOptions;
  readonly typed: readonly TypedOption[];
};

/** Searches for how much a server carries. Everything is checked before anything is written. */
export async function measureCapacity(
  { words, options, typed }: TypedCapacity,
  command: readonly string[],
): Promise<ExitCode> {
  const asked = await oneScenario('capacity', words);
  const request = capacityRequested(asked, options, readMachineLimits());
  const { plan } = request;
  checkTools(plan);
  checkExportFiles(options);
  const startedAt = new Date();
  const name = `capacity-${nameOf(asked)}`;
  const directory = chooseDirectory(options.out, name, startedAt);
  const told = { command, asked: askedRecord({ asked: [asked], typed, plan, declared: capacityOptions }) };
  return runSession({ plan, ...told, name, startedAt, directory, conduct: conductSearches(request) }, options);
}
