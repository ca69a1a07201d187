import type { ProcessSample } from '../../machine/process/process-sample.ts';
import type { ProcessFigures } from '../../results/schema/schema.ts';
import { type Crew, membersOf } from '../fleet/crew.ts';

/** Samples of all processes at one instant, by name of the process. */
type Samples = ReadonlyMap<string, ProcessSample>;

/** Samples before the first client, with all clients connected, at both ends of the window, and after the drain. */
export type StageSamples = {
  readonly idle: Samples;
  readonly connected: Samples;
  readonly start: Samples;
  readonly end: Samples;
  readonly drained: Samples;
};

/** What each process of a trial used, killed servers included. */
export function processRecords(crew: Crew, samples: StageSamples): ProcessFigures[] {
  const members = [...membersOf(crew), ...crew.fallen.map(({ member }) => member)];
  return members.map(({ role, name, core }) => ({ role, name, core, ...usedBy(name, samples) }));
}

function usedBy(
  name: string,
  { idle, connected, start, end, drained }: StageSamples,
): Omit<ProcessFigures, 'role' | 'name' | 'core'> {
  const at = (samples: Samples) => samples.get(name)!;
  const idleMs = at(end).eventLoop.idleMs - at(start).eventLoop.idleMs;
  const activeMs = at(end).eventLoop.activeMs - at(start).eventLoop.activeMs;
  return {
    cpuConnectMs: (at(connected).cpuUs - at(idle).cpuUs) / 1000,
    cpuWindowMs: (at(end).cpuUs - at(start).cpuUs) / 1000,
    spunMs: at(end).spunMs - at(start).spunMs,
    sampledMs: idleMs + activeMs,
    cpuDrainMs: (at(drained).cpuUs - at(end).cpuUs) / 1000,
    rssBytes: at(drained).rssBytes,
    idleRssBytes: at(idle).rssBytes,
    connectedRssBytes: at(connected).rssBytes,
    heapBytes: at(drained).heapBytes,
    externalBytes: at(drained).externalBytes,
    eventLoopUtilization: activeMs / Math.max(idleMs + activeMs, Number.MIN_VALUE),
  };
}
