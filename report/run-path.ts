import { routePhrase } from '../analysis/route-phrase.ts';
import { mainRoute, routeNamed, routeNames } from '../analysis/routes.ts';
import type { Run } from '../results/schema.ts';

/** What lies between clients and server on the path that the verdicts of a run are about. */
export type RunPath = {
  readonly rttMs: number;
  /** `over TLS through NGINX with 2 nodes`; `undefined` where nothing but the link lies between. */
  readonly phrase: string | undefined;
};

export function runPath({ record, trials }: Run): RunPath {
  const route = routeNamed(record, mainRoute(record));
  const told = trials.find(({ path }) => path.via ?? path.link)?.path;
  const parts = [
    ...(route ? [routePhrase(route)] : []),
    ...(told?.via === undefined ? [] : [`through ${told.via}`]),
    ...(told?.link === undefined ? [] : [`on the link ${told.link}`]),
  ];
  return { rttMs: record.plan.rttMs, phrase: parts.length === 0 ? undefined : parts.join(', ') };
}

/** All paths of a run: `direct, tls, nginx; verdicts are about direct`. `undefined` where there is only one. */
export function pathsText(run: Pick<Run, 'record'>): string | undefined {
  const routes = routeNames(run.record);
  return routes.length === 1 ? undefined : `${routes.join(', ')}; verdicts are about ${mainRoute(run.record)}`;
}
