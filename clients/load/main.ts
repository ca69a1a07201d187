import { clockSince } from '../../machine/process/clock.ts';
import { answerParent } from '../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../machine/process/process-sample.ts';
import type { Gap } from '../../machine/process/self-tick.ts';
import type { AcceptedUpdates } from '../../protocol/accepted-updates.ts';
import type { LateUpdates } from '../../protocol/late-updates.ts';
import type { Phase } from '../../scenarios/schedule.ts';
import type { ClientLedger } from '../subscriber/ledger.ts';
import type { Window } from '../subscriber/staleness.ts';
import { type ClientWork, measureClientWork } from './client-work.ts';
import { type ClosedLoop, measureClosedLoop } from './closed-loop.ts';
import type { LoadConfig } from './crowd.ts';
import { Load, type LoadCounters, type LoadFigures } from './load.ts';
import type { SetUpPlan } from './set-up.ts';
import { captureSpecimen, type Specimen } from './specimen.ts';
import type { Disturbances } from './undisturbed.ts';

/** The calls of a load process. */
export type LoadCalls = {
  readonly start: (config: LoadConfig) => void;
  readonly connect: (plan: SetUpPlan) => Promise<string>;
  readonly prepare: (phase: Phase) => void;
  readonly play: (startUs: number) => Promise<void>;
  readonly drain: (until: { readonly heads: Uint32Array; readonly withinMs: number }) => Promise<void>;
  readonly begin: () => void;
  readonly sample: () => ProcessSample;
  readonly counters: () => LoadCounters;
  readonly ledger: () => readonly ClientLedger[];
  /** The first exchange of one additional client, byte for byte. Call it after everything else. */
  readonly specimen: () => Promise<Specimen | undefined>;
  /** What the client adds to each delivery. Call it after everything else has been measured. */
  readonly clientWork: () => Promise<ClientWork | undefined>;
  /** How fast the polling endpoint answers at most. Call it after everything else has been measured. */
  readonly closedLoop: () => Promise<ClosedLoop | undefined>;
  readonly settle: (of: {
    readonly updates: AcceptedUpdates;
    readonly window: Window;
    readonly stormUs?: number;
  }) => LoadFigures;
  readonly gaps: () => readonly Gap[];
  readonly lateUpdates: () => LateUpdates;
  readonly undisturbed: (of: { readonly updates: AcceptedUpdates; readonly disturbances: Disturbances }) => string;
};

function loadCalls(): LoadCalls {
  let load: Load | undefined;
  let config: LoadConfig | undefined;
  const running = () => {
    if (!load) throw new Error('load: not started');
    return load;
  };
  const started = () => {
    if (!config) throw new Error('load: not started');
    return [config, clockSince(config.epoch)] as const;
  };
  return {
    start: (given) => {
      config = given;
      load = new Load(given);
    },
    connect: (plan) => running().connect(plan),
    prepare: (phase) => running().prepare(phase),
    play: (startUs) => running().play(startUs),
    drain: ({ heads, withinMs }) => running().drain(heads, withinMs),
    begin: () => running().begin(),
    sample: sampleProcess,
    counters: () => running().counters(),
    ledger: () => running().ledger(),
    specimen: () => captureSpecimen(...started()),
    clientWork: () => measureClientWork(...started()),
    closedLoop: () => measureClosedLoop(started()[0]),
    settle: ({ updates, window, stormUs }) => running().settle(updates, window, stormUs),
    gaps: () => running().gaps(),
    lateUpdates: () => running().lateUpdates(),
    undisturbed: ({ updates, disturbances }) => running().undisturbed(updates, disturbances),
  };
}

answerParent(loadCalls());
