import { clockSince, type Epoch } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
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
  readonly sample: () => ProcessSample;
};

function sourceCalls(): SourceCalls {
  let source: Source | undefined;
  const running = () => {
    if (!source) throw new Error('source: not started');
    return source;
  };
  return {
    start: async ({ epoch, backplanePath }) => {
      source = createSource(clockSince(epoch), await connectSource(backplanePath));
    },
    prepare: (phase) => running().prepare(phase),
    play: (startUs) => running().play(startUs),
    begin: () => running().begin(),
    lateness: () => running().lateness(),
    sample: sampleProcess,
  };
}

answerParent(sourceCalls());
