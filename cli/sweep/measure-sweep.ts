import { isDeepStrictEqual } from 'node:util';
import { localHost } from '../../bench/local/local-host.ts';
import { choosePinning } from '../../bench/local/pinning.ts';
import { readMachineLimits } from '../../bench/plan/capacity.ts';
import type { Plan } from '../../bench/plan/plan.ts';
import { UsageError } from '../../text/usage-error.ts';
import { chooseDirectory } from '../files/directories.ts';
import { checkOutcome } from '../options/outcome-options.ts';
import { askedRecord } from '../request/asked-record.ts';
import { checkPlan, checkTools } from '../request/check-plan.ts';
import { type Asked, nameOf, oneScenario } from '../request/scenario-arguments.ts';
import type { ExitCode } from '../screen/exit-codes.ts';
import { planRecord } from '../session/carry-out.ts';
import { runSession } from '../session/run-session.ts';
import { changedSince, type Stopped, stoppedSweep, type TypedSweep } from './resumed-sweep.ts';
import { limitOf, type SweepOptions, sweepOptions } from './sweep-options.ts';
import { atPoint, type PlannedPoint, pointsRequested, sweepPlan } from './sweep-request.ts';
import { checkTime } from './time-limit.ts';

/** Measures a sweep, or what is left of one. Everything is checked before anything is written. */
export async function measureSweep(typed: TypedSweep, command: readonly string[]): Promise<ExitCode> {
  const { resume } = typed.options;
  return resume === undefined ? beginSweep(typed, command) : goOnWith(stoppedSweep(resume, typed), typed.options);
}

async function beginSweep({ words, options, typed }: TypedSweep, command: readonly string[]): Promise<ExitCode> {
  const asked = await oneScenario('sweep', words);
  const points = checkedPoints(asked, options);
  const plan = sweepPlan(points);
  checkTime(plan, limitOf(options));
  checkOutcome(options, plan);
  const startedAt = new Date();
  const name = `sweep-${nameOf(asked)}`;
  const directory = chooseDirectory(options.out, name, startedAt);
  const told = { command, asked: askedRecord({ asked: [asked], typed, plan, declared: sweepOptions }) };
  return runSession({ plan, ...told, name, startedAt, directory }, { ...largest(points), ...options });
}

/** `now`: what happens to the result; all else is as the sweep was begun. */
async function goOnWith({ directory, run, begun }: Stopped, now: SweepOptions): Promise<ExitCode> {
  if (now.out !== undefined) throw new UsageError(`--out: the results go on in ${directory}; leave it out`);
  const { record } = run;
  const { network } = record.plan;
  const asked = await oneScenario('sweep', begun.words);
  const points = checkedPoints(asked, { ...begun.options, seed: record.seed });
  const plan: Plan = { ...sweepPlan(points), network };
  if (!isSamePlan(plan, run)) throw changedSince(directory);
  checkMachine(record.environment, directory);
  checkOutcome(now, plan);
  const { command, asked: told, name } = record;
  const session = { plan, command, asked: told, name, startedAt: new Date(), directory, stopped: run };
  return runSession(session, { ...largest(points), ...now, network });
}

/** Each point as if `pvw run` were asked for it. */
function checkedPoints(asked: Asked, options: SweepOptions): readonly PlannedPoint[] {
  const points = pointsRequested(asked, options);
  const limits = readMachineLimits();
  for (const { point, plan, request } of points) atPoint(point, () => checkPlan(plan, request, limits));
  checkTools(points[0]!.plan);
  return points;
}

/** The options of the last point, whose values are the largest: what the network has to provide. */
function largest(points: readonly PlannedPoint[]): Pick<SweepOptions, 'rtt' | 'loss'> {
  const { rtt, loss } = points.at(-1)!.request;
  return { ...(rtt !== undefined && { rtt }), ...(loss !== undefined && { loss }) };
}

function isSamePlan(plan: Plan, { record }: Stopped['run']): boolean {
  // Through JSON, as the record went: values that are undefined are left out.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(planRecord(plan))), JSON.parse(JSON.stringify(record.plan)));
}

const machineFields = ['cpuModel', 'node', 'kernel'] as const;

/** Trials of two machines do not compare. */
function checkMachine(before: Stopped['run']['record']['environment'], directory: string): void {
  const now = localHost(choosePinning()).environment();
  const other = machineFields.find((field) => now[field] !== before[field]);
  if (other === undefined) return;
  throw new UsageError(
    `--resume: ${directory} was begun with ${before[other]}, and this is ${now[other]}; go on where it was begun`,
  );
}
