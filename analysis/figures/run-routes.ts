import type { RouteRecord, RunRecord, TrialRecord } from '../../results/schema/schema.ts';

/** The name of the path with nothing in between, which records leave out. */
const direct = 'direct';

/** The name of the path that a trial ran over. */
export function routeOf({ path }: TrialRecord): string {
  return path.route?.name ?? direct;
}

/** The names of a run's paths, the main one first. */
export function routeNames({ plan }: RunRecord): readonly string[] {
  return plan.routes?.map(({ name }) => name) ?? [direct];
}

/** The path that the verdicts of a run are about. */
export function mainRoute(record: RunRecord): string {
  return routeNames(record)[0] ?? direct;
}

/** What a path of a run goes through; `undefined` if nothing lies between. */
export function routeNamed({ plan }: RunRecord, name: string): RouteRecord | undefined {
  return plan.routes?.find((route) => route.name === name && name !== direct);
}
