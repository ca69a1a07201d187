import type { PlannedScenario } from '../../results/schema/schema.ts';
import { pointSuffix } from '../../scenarios/point.ts';

/** `Chat room`, or `Chat room, 300 clients` at a point of a sweep. Of foreign scenarios too, so not safe to show as it is. */
export function titleOf({ scenario, point }: PlannedScenario): string {
  return `${scenario.title}${pointSuffix(point)}`;
}
