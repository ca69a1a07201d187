import { randomBytes } from 'node:crypto';
import { loadShortageOf, readMachineLimits } from '../../bench/plan/capacity.ts';
import type { Plan, PlannedScenario } from '../../bench/plan/plan.ts';
import {
  aaRepeats,
  defaultProfile,
  type Profile,
  plannedBy,
  profiles,
  withTimesOf,
} from '../../bench/plan/profiles.ts';
import { isDirect } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import type { OwnScenario } from '../../scenarios/file/scenario-form.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { UsageError } from '../../text/usage-error.ts';
import { overridden, timesOf } from '../options/field-options.ts';
import type { RunRequest } from '../options/run-request.ts';
import { arrivalsOf } from './arrivals-requested.ts';
import { linkRequested } from './link-requested.ts';
import { asksForPath, routesRequested } from './routes-requested.ts';
import { scenarioNamed } from './scenario-arguments.ts';
import { viaRequested } from './via-requested.ts';

/**
 * The plan for the scenarios and options of a command line. Scenarios replace the profile's list. They get the times of
 * the profile unless their file has its own. Options win over both. `checkPlan` decides whether the machine carries the
 * plan; only `--load-processes` is checked here, against `openFiles`, the descriptors that one process may open. Throws
 * `UsageError`.
 */
export function planRequested(
  asked: readonly (string | OwnScenario)[],
  request: RunRequest,
  openFiles: () => number = () => readMachineLimits().openFiles,
): Plan {
  const profile = profiles[request.profile ?? defaultProfile];
  if (request.aa !== undefined && request.transport !== undefined) {
    throw new UsageError(`--aa: ${request.aa} cannot be used together with --transport; give one of them`);
  }
  const listed = asked.length === 0 ? plannedBy(profile) : [...new Set(asked)].map((each) => plannedFor(each, profile));
  const chosen = request.aa === undefined ? listed : forAa(listed, asked);
  const override = overridesOf(request);
  const times = timesOf(request);
  const chosenTransports = request.aa !== undefined ? [request.aa] : (request.transport ?? transports);
  const via = viaRequested(request);
  const ofProfile = asksForPath(request) || via ? undefined : profile.routes;
  const routes = ofProfile ?? routesRequested(request, chosenTransports, via);
  const link = linkRequested(request, via ? 0 : profile.rttMs);
  const { rttMs, ...impairments } = link.conditions;
  if (request.aa !== undefined && routes.length > 1) {
    throw new UsageError(`--aa: ${request.aa} cannot be used together with several --paths; give one`);
  }
  const plan: Plan = {
    profile: profile.name,
    seed: request.seed ?? randomBytes(4).toString('hex'),
    transports: chosenTransports,
    rttMs,
    impairments,
    ...(link.name && { link: link.name }),
    ...(via && { via }),
    scenarios: chosen.map((planned) => ({ ...planned, ...times, scenario: override(planned.scenario) })),
    ...(!routes.every(isDirect) && { routes }),
    ...(request.aa !== undefined && { aa: true }),
    ...(request.storm !== undefined && { storm: request.storm }),
    ...(request.client !== undefined && { client: request.client }),
    ...(request.loadProcesses !== undefined && { loadProcesses: request.loadProcesses }),
  };
  checkLoadProcesses(plan, openFiles);
  return plan;
}

/** Refuses fewer load processes than the descriptors of the clients need. */
function checkLoadProcesses({ loadProcesses, scenarios: planned, transports: chosen }: Plan, openFiles: () => number) {
  if (loadProcesses === undefined) return;
  const limit = openFiles();
  for (const transport of chosen) {
    for (const { scenario } of planned) {
      const shortage = loadShortageOf({ scenario, transport, openFiles: limit }, loadProcesses);
      if (shortage !== undefined) throw new UsageError(`--load-processes: ${shortage}`);
    }
  }
}

/** For `--aa`: the profile's first scenario unless scenarios were given. Each gets at least `aaRepeats` repeats. */
function forAa(
  listed: readonly PlannedScenario[],
  asked: readonly (string | OwnScenario)[],
): readonly PlannedScenario[] {
  return (asked.length === 0 ? listed.slice(0, 1) : listed).map((planned) => ({
    ...planned,
    repeats: Math.max(aaRepeats, planned.repeats),
  }));
}

function plannedFor(asked: string | OwnScenario, profile: Profile): PlannedScenario {
  if (typeof asked === 'string') return withTimesOf(profile, scenarioNamed(asked));
  return { ...withTimesOf(profile, asked.scenario), ...asked.times };
}

/** Changes that the options make to every scenario. A trace is read here, once for all scenarios. */
function overridesOf(request: RunRequest): (scenario: Scenario) => Scenario {
  const arrivals = arrivalsOf(request);
  return (scenario) => overridden(scenario, request, arrivals);
}
