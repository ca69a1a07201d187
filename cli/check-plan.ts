import { type MachineLimits, shortageOf } from '../bench/capacity.ts';
import type { Plan } from '../bench/plan.ts';
import { minimumBytes } from '../scenarios/payloads.ts';
import { ratePerSecond, type Scenario } from '../scenarios/scenario.ts';
import type { RunRequest } from './plan-request.ts';
import { largestPayloadBytes } from './run-options.ts';
import { notAllowed, UsageError } from './usage-error.ts';

/**
 * More than any machine delivers from one server process, by a factor of about ten: beyond, the run would end in a
 * queue that grows until memory is gone.
 */
const mostDeliveriesPerSecond = 2_000_000;

/** Refuses what cannot be run: options that contradict each other, or more than the machine carries. */
export function checkPlan(plan: Plan, request: RunRequest, limits: MachineLimits): void {
  for (const { scenario } of plan.scenarios) {
    checkChannels(scenario, request);
    checkPayload(scenario);
    checkLoad(scenario, request);
    checkHeartbeat(plan, scenario);
    checkCapacity(plan, scenario, limits);
  }
}

function checkChannels({ name, clients, channels }: Scenario, request: RunRequest): void {
  if (channels <= clients) return;
  // Two options can be at fault; the one that was given is named, and the scenario when both come from it in part.
  if (request.channels === undefined) {
    throw notAllowed(
      '--clients',
      clients,
      `at least ${channels}, or --channels too`,
      `is fewer than ${name}'s channels`,
    );
  }
  throw notAllowed('--channels', channels, `at most ${clients}, one per client of ${name}`);
}

function checkPayload({ name, payload: { kind, bytes } }: Scenario): void {
  const least = minimumBytes[kind];
  if (bytes >= least) return;
  const allowed = `a whole number from ${least} to ${largestPayloadBytes}`;
  throw notAllowed('--payload-bytes', bytes, allowed, `is too small for ${kind} of ${name}`);
}

/** A ping that is due before the last one can have been answered would cut off every client there is. */
function checkHeartbeat({ rttMs }: Plan, { heartbeatMs }: Scenario): void {
  if (heartbeatMs >= 2 * rttMs) return;
  throw notAllowed('--heartbeat', `${heartbeatMs}ms`, `at least two round trips, ${2 * rttMs}ms`, 'is too short');
}

function checkLoad({ name, clients, arrivals }: Scenario, request: RunRequest): void {
  const deliveries = clients * ratePerSecond(arrivals);
  if (deliveries <= mostDeliveriesPerSecond) return;
  const [option, value] =
    request.rate !== undefined
      ? ['--rate', request.rate]
      : request.trace !== undefined
        ? ['--trace', request.trace]
        : ['--clients', clients];
  const most = Math.floor((mostDeliveriesPerSecond / deliveries) * ratePerSecond(arrivals) * 1000) / 1000;
  const why = `is ${Math.round(deliveries)} deliveries per second with ${clients} clients of ${name}`;
  throw notAllowed(option!, value!, `at most ${most} updates per second and channel, or fewer clients`, why);
}

function checkCapacity(plan: Plan, scenario: Scenario, limits: MachineLimits): void {
  for (const transport of plan.transports) {
    const shortage = shortageOf(scenario, transport, limits, plan.rttMs > 0);
    if (shortage !== undefined) throw new UsageError(`--clients: ${shortage}`);
  }
}
