import { type MachineLimits, proxyShortageOf, shortageOf } from '../bench/capacity.ts';
import { linkOf, type Plan, type PlannedScenario, routesOf } from '../bench/plan.ts';
import type { LinkConditions } from '../network/path.ts';
import { ratePerSecond, type Scenario } from '../scenarios/scenario.ts';
import { payloadRange } from './payload-range.ts';
import type { RunRequest } from './run-request.ts';
import { findCommand } from './system-tools.ts';
import { notAllowed, UsageError } from './usage-error.ts';

/**
 * More than any machine delivers from one server process, by a factor of about ten: beyond, the run would end in a
 * queue that grows until memory is gone.
 */
const mostDeliveriesPerSecond = 2_000_000;

/** Refuses what cannot be run: options that contradict each other, or more than the machine carries. */
export function checkPlan(plan: Plan, request: RunRequest, limits: MachineLimits): void {
  checkStorm(plan);
  for (const planned of plan.scenarios) {
    const { scenario } = planned;
    const link = linkOf(plan, planned);
    checkChannels(scenario, request);
    checkCohorts(scenario, request);
    checkPayload(scenario);
    checkLoad(scenario, request);
    checkBandwidth(link, scenario, request);
    checkHeartbeat(link, scenario);
    checkCapacity(plan, planned, limits);
  }
  checkTools(plan);
}

/** Said before anything is started. */
function checkTools(plan: Plan): void {
  const proxies = routesOf(plan).flatMap(({ proxy }) => proxy ?? []);
  if (proxies.length === 0 || findCommand('nginx') !== undefined) return;
  throw new UsageError('--proxy: nginx is missing; install the package nginx-light');
}

/** Without a proxy nobody could come back elsewhere, or would be cut off at all. */
function checkStorm(plan: Plan): void {
  const { storm } = plan;
  if (storm === undefined) return;
  const routes = routesOf(plan);
  if (routes.some(({ proxy }) => proxy === null)) {
    throw new UsageError(`--storm: ${storm} needs --proxy nginx on every path; clients come back through it`);
  }
  if (storm === 'node-killed' && routes.some(({ nodes }) => nodes < 2)) {
    throw new UsageError(`--storm: ${storm} needs --nodes 2 or more, or nginx-2-nodes in --paths`);
  }
  // A server counts what it leaves out, and takes it back when the client returns to it and lacks more.
  const returning = storm === 'proxy-reloaded' && routes.every(({ proxy }) => proxy?.balancing === 'ip_hash');
  const latest = plan.scenarios.find(({ scenario }) => scenario.semantics === 'latest')?.scenario;
  if (returning || latest === undefined) return;
  throw new UsageError(
    `--storm: ${storm} is not for ${latest.name}, in which newer updates replace older ones: the server that counted what ` +
      'it left out may not see the client again; give a scenario in which every update counts',
  );
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

/** Cohorts without clients would be missing from the curve that the scenario is for. */
function checkCohorts({ name, clients, channels, pollCohortsMs }: Scenario, request: RunRequest): void {
  if (!pollCohortsMs || clients >= channels * pollCohortsMs.length) return;
  const why = `leaves some of the ${pollCohortsMs.length} polling intervals of ${name} without a client`;
  if (request.channels === undefined) {
    throw notAllowed('--clients', clients, `at least ${channels * pollCohortsMs.length}, or fewer channels`, why);
  }
  const most = Math.floor(clients / pollCohortsMs.length);
  throw notAllowed('--channels', channels, most >= 1 ? `at most ${most}, or more clients` : 'more clients', why);
}

function checkPayload({ name, payload: { kind, bytes }, encoding }: Scenario): void {
  const [least, most] = payloadRange(kind, encoding);
  if (bytes >= least && bytes <= most) return;
  const why = `is too ${bytes < least ? 'small' : 'large'} for ${kind} of ${name}`;
  throw notAllowed('--payload-bytes', bytes, `a whole number from ${least} to ${most}`, why);
}

/** A ping that is due before the last one can have been answered would cut off every client there is. */
function checkHeartbeat({ rttMs }: LinkConditions, { heartbeatMs }: Scenario): void {
  if (heartbeatMs >= 2 * rttMs) return;
  throw notAllowed('--heartbeat', `${heartbeatMs}ms`, `at least two round trips, ${2 * rttMs}ms`, 'is too short');
}

function checkLoad({ name, clients, arrivals, inputs }: Scenario, request: RunRequest): void {
  checkInputs(name, clients, inputs);
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

/** All clients are behind the one link. Where nothing may be left out, what it does not carry would queue without end. */
function checkBandwidth(conditions: LinkConditions, scenario: Scenario, { link, bandwidth }: RunRequest): void {
  const carried = conditions.bandwidthBitsPerSecond;
  const { name, clients, arrivals, payload, semantics } = scenario;
  const perClient = ratePerSecond(arrivals) * payload.bytes * 8;
  if (carried === null || semantics !== 'every' || clients * perClient <= carried) return;
  const [option, value] = bandwidth === undefined ? ['--link', link!] : ['--bandwidth', megabits(bandwidth)];
  const why = `carries ${megabits(carried)}, and ${name} needs ${megabits(clients * perClient)} for its updates alone`;
  const most = Math.floor(carried / perClient);
  const fewer = most >= scenario.channels ? `at most ${most} clients, or` : 'fewer clients and channels, or';
  throw notAllowed(option!, value!, `${fewer} another scenario`, why);
}

function megabits(bitsPerSecond: number): string {
  return `${Number((bitsPerSecond / 1e6).toPrecision(3))}mbit`;
}

/** Every client sends inputs of its own, so their number multiplies what the server takes. */
function checkInputs(name: string, clients: number, inputs: Scenario['inputs']): void {
  if (inputs === undefined) return;
  const perClient = ratePerSecond(inputs.arrivals);
  if (clients * perClient <= mostDeliveriesPerSecond) return;
  const most = Math.floor(mostDeliveriesPerSecond / perClient);
  const why = `with ${perClient} inputs per second each are too many for ${name}`;
  throw notAllowed('--clients', clients, `at most ${most}, or fewer inputs in the scenario`, why);
}

function checkCapacity(plan: Plan, planned: PlannedScenario, limits: MachineLimits): void {
  const { scenario } = planned;
  for (const transport of plan.transports) {
    const ofServer = shortageOf(scenario, transport, limits, linkOf(plan, planned).rttMs > 0);
    const proxied = routesOf(plan).some(({ proxy }) => proxy !== null);
    const shortage = ofServer ?? (proxied ? proxyShortageOf(scenario, transport, limits) : undefined);
    if (shortage !== undefined) throw new UsageError(`--clients: ${shortage}`);
  }
}
