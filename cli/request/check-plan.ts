import { destinationsOf, type MachineLimits, proxyShortageOf, shortageOf } from '../../bench/plan/capacity.ts';
import { linkOf, type Plan, type PlannedScenario, routesOf } from '../../bench/plan/plan.ts';
import { findCommand } from '../../machine/host/system-tools.ts';
import { linkMisfitOf, loadMisfitOf, misfitOf, windowMisfitOf } from '../../scenarios/file/rules.ts';
import { UsageError } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';
import { refusalOf } from './misfit-options.ts';

/** Refuses a plan that cannot be run: values contradict each other, or the machine cannot carry the clients. */
export function checkPlan(plan: Plan, request: RunRequest, limits: MachineLimits): void {
  checkStorm(plan);
  for (const planned of plan.scenarios) {
    const { scenario, durationMs } = planned;
    const misfit =
      misfitOf(scenario) ??
      loadMisfitOf(scenario) ??
      windowMisfitOf(scenario, durationMs) ??
      linkMisfitOf(scenario, linkOf(plan, planned));
    if (misfit !== undefined) throw refusalOf(misfit, scenario, request);
    checkCapacity(plan, planned, limits);
  }
}

/** Refuses a plan whose programs are not on this machine, before anything starts. */
export function checkTools(plan: Plan): void {
  const proxies = routesOf(plan).flatMap(({ proxy }) => proxy ?? []);
  if (proxies.length === 0 || findCommand('nginx') !== undefined) return;
  throw new UsageError('--proxy: nginx is missing; install the package nginx-light');
}

/** Without a proxy no connection would be cut, and no client could come back to another server. */
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
  // A server counts the updates that it leaves out for a client. If the client returns with an older version than it
  // was sent, the same server has to correct its count.
  const returning = storm === 'proxy-reloaded' && routes.every(({ proxy }) => proxy?.balancing === 'ip_hash');
  const latest = plan.scenarios.find(({ scenario }) => scenario.semantics === 'latest')?.scenario;
  if (returning || latest === undefined) return;
  throw new UsageError(
    `--storm: ${storm} is not for ${latest.name}, in which newer updates replace older ones: the server that counted what ` +
      'it left out may not see the client again; give a scenario in which every update counts',
  );
}

function checkCapacity(plan: Plan, planned: PlannedScenario, limits: MachineLimits): void {
  const { scenario } = planned;
  const relayed = linkOf(plan, planned).rttMs > 0;
  for (const transport of plan.transports) {
    for (const route of routesOf(plan)) {
      const proxied = route.proxy !== null || plan.via !== undefined;
      const between = { destinations: plan.via ? 1 : destinationsOf(route), proxied, relayed };
      const shortage =
        shortageOf(scenario, transport, limits, between) ??
        (route.proxy ? proxyShortageOf(scenario, transport, limits) : undefined);
      if (shortage !== undefined) throw new UsageError(`--clients: ${shortage}`);
    }
  }
}
