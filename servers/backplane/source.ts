import { createAlarm } from '../../machine/process/alarm.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { LateLog, type LateUpdates } from '../../protocol/late-updates.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import { seedFrom } from '../../scenarios/random.ts';
import { type Emission, emissions, type Phase } from '../../scenarios/schedule.ts';
import type { SourceConnection } from './source-connection.ts';

/** Emits the updates of a scenario into the backplane, phase by phase. */
export type Source = {
  /** Makes the plan and payloads of the next phase. Call it before the start is announced: it takes time. */
  readonly prepare: (phase: Phase) => void;
  /** Emits what was prepared. Resolves after the last update, with the number of updates. */
  readonly play: (startUs: number) => Promise<number>;
  /** Starts the window: resets what was recorded of lateness. */
  readonly begin: () => void;
  /** Microseconds from the intended instant to hand-over: an encoded recording. */
  readonly lateness: () => string;
  readonly lateUpdates: () => LateUpdates;
  readonly close: () => Promise<void>;
};

/** Emits each update at its intended instant; all due updates go out in one turn. */
export function createSource(clock: Clock, backplane: SourceConnection): Source {
  const lateness = createRecorder();
  const late = new LateLog();
  let emitDue: () => void = () => {};
  const alarm = createAlarm(clock, () => emitDue());

  let planned: readonly Emission[] = [];
  let payloads: readonly Buffer[] = [];

  const prepare = (phase: Phase) => {
    const { scenario, seed } = phase;
    planned = emissions(phase);
    payloads = payloadPool(scenario.payload, scenario.encoding, seedFrom(seed, 'source-payload'));
  };
  const play = (startUs: number) =>
    new Promise<number>((resolve) => {
      let next = 0;
      emitDue = () => {
        for (; next < planned.length && startUs + planned[next]!.atUs <= clock.nowUs(); next++) {
          const { channel, atUs } = planned[next]!;
          backplane.emit(channel, startUs + atUs, payloads[next % payloads.length]!);
          const lateUs = clock.nowUs() - startUs - atUs;
          lateness.record(lateUs);
          late.note(channel, startUs + atUs, lateUs);
        }
        const following = planned[next];
        alarm.set(following ? startUs + following.atUs : Number.POSITIVE_INFINITY);
        if (!following) resolve(planned.length);
      };
      emitDue();
    });

  return {
    prepare,
    play,
    begin: () => {
      lateness.reset();
      late.clear();
    },
    lateness: lateness.encoded,
    lateUpdates: () => late.noted(),
    close: async () => {
      backplane.close();
      await alarm.close();
    },
  };
}
