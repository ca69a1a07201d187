import type { PlannedScenario } from '../../results/schema/schema.ts';
import { pointSuffix } from '../../scenarios/point.ts';

/**
 * `Chat room`, or `Chat room, 300 clients` at a point of a sweep. The title may come from a foreign file: escape it
 * before it is shown.
 */
export function titleOf({ scenario, point }: PlannedScenario): string {
  return `${scenario.title}${pointSuffix(point)}`;
}
