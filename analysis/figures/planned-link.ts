import type { LinkRecord, PlannedScenario, RunRecord } from '../../results/schema/schema.ts';

/** The link that a scenario was planned for: that of its point if it has one, else that of the run. */
export function plannedLink({ link }: PlannedScenario, { plan }: RunRecord): LinkRecord {
  return link ?? plan.link;
}
