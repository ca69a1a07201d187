import type { CompletedTrial, Run } from '../../results/schema/schema.ts';
import { isExhibit } from './mistakes.ts';
import { trialChecks } from './trial-checks.ts';
import { caution, doubt, isInvalid, type RunWarningCode, type TrialWarning, type Warning } from './warning.ts';

/** All warnings about the figures of a trial, those that make it invalid first. */
export function trialWarnings(trial: CompletedTrial): readonly TrialWarning[] {
  const found = trialChecks.flatMap((check) => check(trial) ?? []);
  return [...found.filter(isInvalid), ...found.filter((warning) => !isInvalid(warning))];
}

export function isValidTrial(trial: CompletedTrial): boolean {
  return !trialWarnings(trial).some(isInvalid);
}

/** Whether its CPU figures contain compiling: then they are shown but not judged. */
export function isCold(trial: CompletedTrial): boolean {
  return trialWarnings(trial).some(({ code }) => code === 'cold');
}

/** All warnings about the run as a whole. */
export function runWarnings({ record, trials }: Run): readonly Warning<RunWarningCode>[] {
  const { status, plan, environment } = record;
  const wrong = trials.filter((trial) => trial.status === 'failed' || !isValidTrial(trial));
  const shown = wrong.filter(isExhibit).length;
  const faults = wrong.filter((trial) => !isExhibit(trial));
  const failed = faults.filter(({ status }) => status === 'failed').length;
  const invalid = faults.length - failed;
  const ended = `${trials.length} of ${counted(plan.trials, 'trial')} had ended`;
  const warnings: readonly (Warning<RunWarningCode> | false)[] = [
    status === 'interrupted' && caution('interrupted', `Interrupted: ${ended}. Run it again for all of them.`),
    status === 'running' && caution('running', `Not finished yet: ${ended}. This is written again after each block.`),
    failed > 0 && doubt('failed-trials', `${counted(failed, 'trial')} failed: stage and reason are listed. Run again.`),
    invalid > 0 && doubt('invalid-trials', `${counted(invalid, 'trial')} cannot be believed and enter no comparison.`),
    shown > 0 &&
      caution(
        'mistake-shown',
        `${counted(shown, 'trial')} went wrong over a path with a mistake on purpose: see what it did.`,
      ),
    !environment.pinned &&
      caution(
        'not-pinned',
        environment.cores > 1
          ? 'Processes were not pinned to cores, so CPU figures are noisier. On Linux install taskset.'
          : 'There was one core for the server and its clients: each waited for the other. Use two or more.',
      ),
  ];
  return warnings.filter((warning) => warning !== false);
}

/** Whether any trial failed or is invalid, other than by a deliberate mistake. */
export function isRunInvalid(run: Run): boolean {
  return runWarnings(run).some(isInvalid);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
