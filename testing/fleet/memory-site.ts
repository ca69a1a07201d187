import { placeOf } from '../../bench/fleet/place.ts';
import type { Site, TrialSite } from '../../bench/fleet/site.ts';
import type { PlannedTrial } from '../../bench/plan/plan.ts';
import type { Stage } from '../../bench/trial/progress.ts';
import { runCrew } from '../../bench/trial/trial.ts';
import type { TrialRecord } from '../../results/schema/schema.ts';
import { type Meddle, MemoryFleet } from './memory-fleet.ts';
import { memoryHost, type WatchSeen } from './memory-host.ts';
import { VirtualTime } from './virtual-time.ts';
import { type DecideFate, type Stop, World } from './world.ts';

export type MemoryOptions = {
  /** Absent: every delivery arrives once. */
  readonly fate?: DecideFate;
  readonly meddle?: Meddle;
  /** Absent: every process runs all the time. */
  readonly stop?: Stop;
  /** Called with the trial's number, from 0, before it is prepared; may throw. */
  readonly beforeTrial?: (trial: number) => void;
  /** What follows the planned trials, by the records so far; absent: nothing. */
  readonly goOn?: (records: readonly TrialRecord[]) => PlannedTrial | undefined;
};

export type MemorySite = Site & {
  readonly time: VirtualTime;
  /** One fleet per trial, in the order of trials. */
  readonly fleets: readonly MemoryFleet[];
  readonly watches: readonly WatchSeen[];
  /** Number of trials whose site was closed. */
  readonly closed: () => number;
};

/** A site whose trials run in memory, one after the other in the same virtual time. */
export function memorySite({ fate, meddle, stop, beforeTrial }: MemoryOptions = {}): MemorySite {
  const time = new VirtualTime();
  const fleets: MemoryFleet[] = [];
  const watches: WatchSeen[] = [];
  let closed = 0;
  return {
    time,
    fleets,
    watches,
    closed: () => closed,
    prepare: async (trial: PlannedTrial): Promise<TrialSite> => {
      beforeTrial?.(fleets.length);
      const world = new World(time, fate, stop);
      const fleet = new MemoryFleet(time, world, meddle);
      fleets.push(fleet);
      return {
        fleet,
        host: memoryHost(time, world, watches),
        place: placeOf(trial, undefined),
        directory: '/memory',
        openFiles: 20_000,
        startScheduler: () => {
          const scheduler = time.startScheduler();
          world.clock = scheduler;
          return scheduler;
        },
        close: async () => {
          closed++;
        },
      };
    },
  };
}

export type PlayedTrial = {
  readonly record: TrialRecord;
  /** That record, and those of the trials that go on with the trial. */
  readonly records: readonly TrialRecord[];
  readonly stages: readonly Stage[];
  readonly fleet: MemoryFleet;
  readonly site: MemorySite;
};

/** Plays one trial from its start to its end, and those that go on with it. */
export async function playTrial(
  trial: PlannedTrial,
  options: MemoryOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<PlayedTrial> {
  const site = memorySite(options);
  const { close: _, ...surroundings } = await site.prepare(trial);
  const stages: Stage[] = [];
  const onStage = (stage: Stage) => void stages.push(stage);
  const records: TrialRecord[] = [];
  const playing = async () => {
    const { goOn } = options;
    const watch = { onStage, signal, ...(goOn && { goOn: () => goOn(records) }) };
    for await (const record of runCrew(trial, { ...surroundings, ...watch })) records.push(record);
  };
  await site.time.play(playing());
  return { record: records[0]!, records, stages, fleet: site.fleets[0]!, site };
}
