import { axisOf, loadsOf, windowAt } from '../../analysis/capacity/capacity.ts';
import type { MachineLimits } from '../../bench/plan/capacity.ts';
import type { Plan } from '../../bench/plan/plan.ts';
import type { CapacityPlan } from '../../results/schema/capacity-schema.ts';
import { ratePerSecond } from '../../scenarios/scenario.ts';
import { sweptAxis } from '../../scenarios/swept-axes.ts';
import { formatDuration, roundedDuration } from '../../text/duration.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';
import { checkPlan } from '../request/check-plan.ts';
import { planRequested } from '../request/plan-request.ts';
import type { Asked } from '../request/scenario-arguments.ts';
import { type CapacityOptions, withinOf } from './capacity-options.ts';

/** What is searched for, and the plan of a trial at each load. */
export type CapacityRequest = {
  /** At the least load, with what is searched for. */
  readonly plan: Plan & { readonly capacity: CapacityPlan };
  /** The plan of `pvw run` at a load, whose trials are windows of the search. */
  readonly planAt: (load: number) => Plan;
};

/** Throws `UsageError` for what cannot be searched for, naming the option. */
export function capacityRequested(asked: Asked, options: CapacityOptions, limits: MachineLimits): CapacityRequest {
  const { slo, over, serverCpus } = options;
  if (slo === undefined) throw new UsageError("--slo: say what has to hold, such as 'latency.p99<250ms'");
  if (over === undefined) throw new UsageError('--over: say what is raised: clients or rate');
  checkAxis(over, options);
  const request = withoutRelay(options);
  const base = planRequested([asked], request);
  const { scenario } = base.scenarios[0]!;
  const search = {
    objective: slo,
    over,
    searches: options.searches ?? 1,
    withinMs: withinOf(options),
    ...(serverCpus !== undefined && { serverCpus }),
  };
  const least = options.from ?? (over === 'clients' ? scenario.clients : ratePerSecond(scenario.arrivals));
  const planAt = (load: number) =>
    planOf(asked, { ...request, seed: base.seed }, { ...search, least, most: load, mostBy: '' }, load);
  const isWanted = options.to !== undefined;
  const refusal = (load: number) => refusalOf(planAt(load), request, limits);
  const atLeast = refusal(least);
  if (atLeast !== undefined) throw new UsageError(`--from: at ${least}: ${atLeast}`);
  const capacity: CapacityPlan = {
    ...search,
    least,
    ...(isWanted ? { most: options.to!, mostBy: '--to' } : mostCarried(least, refusal)),
  };
  checkRange(capacity, isWanted ? refusal(capacity.most) : undefined);
  checkWindow(capacity, base);
  const [planned] = planAt(least).scenarios;
  return { plan: { ...base, scenarios: [planned!], capacity }, planAt };
}

function checkAxis(over: CapacityPlan['over'], options: CapacityOptions): void {
  const given = over === 'clients' ? options.clients : options.rate;
  if (given !== undefined) throw new UsageError(`--${over}: is what --over ${over} raises; give --from instead`);
  if (over === 'rate' && options.trace !== undefined) {
    throw new UsageError('--over: rate cannot be raised beside --trace, which has its own arrivals; give clients');
  }
}

/** A path that is delayed needs relays beside the load processes, on their cores: only where it was asked for. */
function withoutRelay(options: CapacityOptions): RunRequest {
  const isAsked = [options.rtt, options.link, options.via].some((value) => value !== undefined);
  return isAsked ? options : { ...options, rtt: 0 };
}

function planOf(asked: Asked, request: RunRequest, capacity: CapacityPlan, load: number): Plan {
  const { option } = sweptAxis(capacity.over);
  const plan = planRequested([asked], { ...request, [option]: load });
  const [planned] = plan.scenarios;
  const durationMs = windowAt(capacity, planned!.scenario, load);
  return { ...plan, scenarios: [{ ...planned!, repeats: 1, durationMs, point: { [axisOf(capacity)]: load } }] };
}

function refusalOf(plan: Plan, request: RunRequest, limits: MachineLimits): string | undefined {
  try {
    checkPlan(plan, request, limits);
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

const highest = 100_000_000;

/** The most that is not refused, by halves, and why more is. */
function mostCarried(
  least: number,
  refusal: (load: number) => string | undefined,
): Pick<CapacityPlan, 'most' | 'mostBy'> {
  let [low, high] = [least, highest];
  while (high / low > 1.01 && high - low > 1) {
    const middle = Math.floor(Math.sqrt(low * high));
    if (refusal(Math.max(middle, least)) === undefined) low = Math.max(middle, least);
    else high = middle;
  }
  return { most: low, mostBy: refusal(high) ?? 'more is not tried' };
}

function checkRange(capacity: CapacityPlan, refused: string | undefined): void {
  const { least, most } = capacity;
  if (refused !== undefined) throw new UsageError(`--to: at ${most}: ${refused}`);
  if (loadsOf(capacity).length < 3) {
    throw new UsageError(`--to: ${most} leaves no range above ${least}; give more, or a smaller --from`);
  }
}

/** A search needs dozens of windows. */
function checkWindow(capacity: CapacityPlan, { scenarios }: Plan): void {
  const { scenario } = scenarios[0]!;
  const windowMs = windowAt(capacity, scenario, capacity.least);
  const leastWindows = 12;
  if (windowMs * leastWindows <= capacity.withinMs) return;
  throw new UsageError(
    `--slo: a window of enough updates lasts ${formatDuration(windowMs)}, and a search takes dozens, more than the ` +
      `${roundedDuration(capacity.withinMs)} of --within; give a higher --rate, more --channels, or an objective about a lower percentile`,
  );
}
