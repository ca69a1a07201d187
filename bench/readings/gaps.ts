import type { Gap } from '../../machine/process/self-tick.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import { type Crew, relaysOf } from '../fleet/crew.ts';
import type { Member } from '../fleet/fleet.ts';

/** When one process of the instrument did not run since the window began. */
export type ProcessGaps = {
  readonly name: string;
  readonly gaps: readonly Gap[];
  /**
   * Whether deliveries pass the process. The source only sends off: what it touches left late, and is known by that.
   */
  readonly isPassed: boolean;
};

/**
 * The gaps of load, relays and source; those of servers, proxy and backplane are part of what is measured. Ends their
 * ticking.
 */
export async function readGaps(crew: Crew): Promise<readonly ProcessGaps[]> {
  const { loads, source } = crew;
  const instruments = [...loads, ...relaysOf(crew), ...(source ? [source] : [])];
  return await Promise.all(
    // All of these roles answer `gaps`, which the compiler cannot see for a union of roles.
    instruments.map(async (member) => ({
      name: member.name,
      gaps: await (member as Member<'source'>).ask('gaps'),
      isPassed: member !== source,
    })),
  );
}

/** What left source and clients late in the window. */
export async function readLateUpdates({ loads, source }: Crew): Promise<readonly LateUpdates[]> {
  return await Promise.all([
    ...loads.map((load) => load.ask('lateUpdates')),
    ...(source ? [source.ask('lateUpdates')] : []),
  ]);
}
