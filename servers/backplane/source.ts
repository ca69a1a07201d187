import { createAlarm } from '../../machine/process/alarm.ts';
import { dozing } from '../../machine/process/approach.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import { seedFrom } from '../../scenarios/random.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { type Emission, emissions } from '../../scenarios/schedule.ts';
import { encodeEmission, type SourceConnection } from './source-connection.ts';

/** A phase for the source: the updates of this seed in a window of this length. */
export type Emitting = {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly durationUs: number;
};

/** Emits the updates of a scenario into the backplane, phase by phase. */
export type Source = {
  /** Makes the plan and payloads of the next phase. Call it before the start is announced: it takes time. */
  readonly prepare: (emitting: Emitting) => void;
  /** Emits what was prepared. Resolves after the last update, with the number of updates. */
  readonly play: (startUs: number) => Promise<number>;
  /** Starts the window: resets the recorded lateness. */
  readonly begin: () => void;
  /** Microseconds from the intended instant until it is handed over, as of publishes and polls: an encoded recording. */
  readonly lateness: () => string;
  readonly close: () => Promise<void>;
};

/** Emits each update at its intended instant; all due updates go out in one turn. */
export function createSource(clock: Clock, backplane: SourceConnection): Source {
  const lateness = createRecorder();
  let emitDue: () => void = () => {};
  const alarm = createAlarm(clock, () => emitDue(), dozing());

  let planned: readonly Emission[] = [];
  let payloads: readonly Buffer[] = [];

  const prepare = ({ scenario, seed, durationUs }: Emitting) => {
    planned = emissions(scenario, seed, durationUs);
    payloads = payloadPool(scenario.payload, scenario.encoding, seedFrom(seed, 'source-payload'));
  };
  const play = (startUs: number) =>
    new Promise<number>((resolve) => {
      let next = 0;
      const nextUs = () => (next < planned.length ? startUs + planned[next]!.atUs : Number.POSITIVE_INFINITY);
      const encode = () => encodeEmission(planned[next]!.channel, nextUs(), payloads[next % payloads.length]!);
      /** The next update, encoded before its instant. */
      let prepared: Buffer | undefined;
      emitDue = () => {
        for (; nextUs() <= clock.nowUs(); next++) {
          const bytes = prepared ?? encode();
          prepared = undefined;
          lateness.record(clock.nowUs() - nextUs());
          backplane.emit(bytes);
        }
        alarm.set(nextUs());
        if (next < planned.length) prepared = encode();
        else resolve(planned.length);
      };
      emitDue();
    });

  return {
    prepare,
    play,
    begin: lateness.reset,
    lateness: lateness.encoded,
    close: async () => {
      backplane.close();
      await alarm.close();
    },
  };
}
