import type { Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { goFirst } from '../../machine/process/go-first.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import { schedulerSince } from '../../machine/process/scheduler.ts';
import { createSelfTick, type Gap, type SelfTick } from '../../machine/process/self-tick.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import type { Phase } from '../../scenarios/schedule.ts';
import { createSource, type Source } from '../backplane/source.ts';
import { connectSource } from '../backplane/source-connection.ts';

export type SourceConfig = { readonly epoch: Epoch; readonly backplanePath: string };

/** The calls of the source process. */
export type SourceCalls = {
  readonly start: (config: SourceConfig) => Promise<void>;
  readonly prepare: (phase: Phase) => void;
  readonly play: (startUs: number) => Promise<number>;
  readonly begin: () => void;
  readonly lateness: () => string;
  readonly lateUpdates: () => LateUpdates;
  /** When this process did not run, since `begin`. Call it once, after everything else has arrived. */
  readonly gaps: () => readonly Gap[];
  readonly sample: () => ProcessSample;
};

function sourceCalls(): SourceCalls {
  let source: Source | undefined;
  let selfTick: SelfTick | undefined;
  const running = () => {
    if (!source) throw new Error('source: not started');
    return source;
  };
  return {
    start: async ({ epoch, backplanePath }) => {
      const scheduler = schedulerSince(epoch);
      selfTick = createSelfTick(scheduler);
      source = createSource(selfTick.clock, await connectSource(backplanePath));
      // On a core that it shares with load, an update is due while a client is at work.
      goFirst();
    },
    prepare: (phase) => running().prepare(phase),
    play: (startUs) => running().play(startUs),
    begin: () => {
      running().begin();
      selfTick?.begin();
    },
    lateness: () => running().lateness(),
    lateUpdates: () => running().lateUpdates(),
    gaps: () => selfTick?.end() ?? [],
    sample: sampleProcess,
  };
}

answerParent(sourceCalls());
