import { routeName } from '../../network/route/route.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { type PlannedTrial, trialsOfCrew } from './plan.ts';

/**
 * What a run that was stopped has left to do. Trials with a record, failed ones too, are not repeated. What would have
 * gone on with processes that are gone starts its own, with the warm-up of its crew.
 */
export function remainingCrews(crews: readonly PlannedTrial[], done: readonly TrialRecord[]): readonly PlannedTrial[] {
  const ended = new Set(done.map(keyOfRecord));
  return crews.flatMap((first) => {
    const [head, ...further] = trialsOfCrew(first).filter((trial) => !ended.has(keyOfTrial(trial)));
    return head ? [crewOf(head, further, first)] : [];
  });
}

function crewOf(
  { further: _, ...head }: PlannedTrial,
  further: readonly PlannedTrial[],
  { planned: { warmupMs } }: PlannedTrial,
): PlannedTrial {
  const { goesOn: __, ...planned } = head.planned;
  return { ...head, planned: { ...planned, warmupMs }, ...(further.length > 0 && { further }) };
}

/** A block has each transport once over each path, and twice as two arms. */
function keyOfTrial({ block, transport, arm, route, pathName }: PlannedTrial): string {
  return [block, transport, arm ?? '', pathName ?? routeName(route)].join(' ');
}

function keyOfRecord({ block, transport, arm, path }: TrialRecord): string {
  return [block, transport, arm ?? '', path.route?.name ?? 'direct'].join(' ');
}
