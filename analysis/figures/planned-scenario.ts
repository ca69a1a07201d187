import type { LinkRecord, PlannedScenario, RunRecord } from '../../results/schema/schema.ts';
import { pointSuffix } from '../../scenarios/point.ts';

/**
 * `Chat room`, or `Chat room, 300 clients` at a point of a sweep. The title may come from a foreign file: escape it
 * before it is shown.
 */
export function titleOf({ scenario, point }: PlannedScenario): string {
  return `${scenario.title}${pointSuffix(point)}`;
}

/** The link that a scenario was planned for: that of its point if it has one, else that of the run. */
export function plannedLink({ link }: PlannedScenario, { plan }: RunRecord): LinkRecord {
  return link ?? plan.link;
}
