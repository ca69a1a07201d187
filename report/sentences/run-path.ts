import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { routePhrase } from '../../analysis/figures/route-phrase.ts';
import { mainRoute, routeNamed, routeNames } from '../../analysis/figures/run-routes.ts';
import type { LinkRecord, PlannedScenario, Run, TrialRecord } from '../../results/schema/schema.ts';
import { isSameScenario, scenarioAt } from '../../scenarios/point.ts';

/** What lies between clients and server on the path that verdicts are about. */
export type RunPath = {
  readonly rttMs: number;
  /** `over TLS through NGINX with 2 nodes`; `undefined` where nothing but the link lies between. */
  readonly phrase: string | undefined;
};

/** That of the run as a whole. */
export function runPath(run: Run): RunPath {
  return pathOver(run.record.plan.link, run.trials, run);
}

/** That of one scenario, which may have a link of its own. */
export function scenarioPath(planned: PlannedScenario, run: Run): RunPath {
  const own = run.trials.filter((trial) => isSameScenario(trial, scenarioAt(planned)));
  return pathOver(plannedLink(planned, run.record), planned.link ? own : run.trials, run);
}

function pathOver({ rttMs }: LinkRecord, trials: readonly TrialRecord[], { record }: Run): RunPath {
  const route = routeNamed(record, mainRoute(record));
  const told = trials.find(({ path }) => path.via ?? path.linkName)?.path;
  const parts = [
    ...(route ? [routePhrase(route)] : []),
    ...(told?.via === undefined ? [] : [`through ${told.via}`]),
    ...(told?.linkName === undefined ? [] : [`on the link ${told.linkName}`]),
  ];
  return { rttMs, phrase: parts.length === 0 ? undefined : parts.join(', ') };
}

/** All paths of a run: `direct, tls, nginx; verdicts are about direct`. `undefined` where there is only one. */
export function pathsText(run: Pick<Run, 'record'>): string | undefined {
  const routes = routeNames(run.record);
  return routes.length === 1 ? undefined : `${routes.join(', ')}; verdicts are about ${mainRoute(run.record)}`;
}
