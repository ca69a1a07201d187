import { readMachineLimits } from '../../bench/plan/capacity.ts';
import { openCpuQuota } from '../../machine/host/cpu-quota.ts';
import { UsageError } from '../../text/usage-error.ts';
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

/** Refuses a quota where no control group can be made. */
function checkQuota({ serverCpus }: CapacityOptions): void {
  if (serverCpus === undefined) return;
  try {
    openCpuQuota(serverCpus).close();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(
      `--server-cpus: no control group can be made (${why}); that needs root and, in the kernel, the cpu controller`,
    );
  }
}

/** Searches for how much a server carries. Everything is checked before anything is written. */
export async function measureCapacity(
  { words, options, typed }: TypedCapacity,
  command: readonly string[],
): Promise<ExitCode> {
  const asked = await oneScenario('capacity', words);
  const request = capacityRequested(asked, options, readMachineLimits());
  const { plan } = request;
  checkTools(plan);
  checkQuota(options);
  checkExportFiles(options);
  const startedAt = new Date();
  const name = `capacity-${nameOf(asked)}`;
  const directory = chooseDirectory(options.out, name, startedAt);
  const told = { command, asked: askedRecord({ asked: [asked], typed, plan, declared: capacityOptions }) };
  return runSession({ plan, ...told, name, startedAt, directory, conduct: conductSearches(request) }, options);
}
