import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import { type Climbed, highestCarried, lowestLimited } from './capacity-ladder.ts';
import { capacityText, failureText } from './capacity-text.ts';

/** How the command ends: its result for stdout, its complaint for stderr; empty: none. */
export type Conclusion = { readonly result: string; readonly complaint: string; readonly code: ExitCode };

/** A failure is an error even where earlier steps were carried: the limit is not known then. */
export function conclusionOf(climbed: Climbed, { json }: { readonly json: boolean }): Conclusion {
  const { steps, failure } = climbed;
  const text = steps.length === 0 ? '' : capacityText(climbed);
  return {
    result: json ? `${JSON.stringify(capacityRecord(climbed), null, 2)}\n` : text,
    complaint: failure ? `pvw: --capacity: ${failureText(failure)}\n` : '',
    code: failure ? exitCodes.internal : exitCodes.done,
  };
}

function capacityRecord({ steps, failure, unfinished }: Climbed) {
  const limited = lowestLimited(steps);
  return {
    carriedDeliveriesPerSecond: highestCarried(steps)?.carriedPerSecond ?? null,
    firstLimit: limited?.limit ?? null,
    firstLimitAtUpdatesPerSecond: limited?.updatesPerSecond ?? null,
    unfinishedAtUpdatesPerSecond: unfinished,
    error: failure,
    steps,
  };
}
