import { createAlarm } from '../../machine/process/alarm.ts';
import { dozing } from '../../machine/process/approach.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { createRecorder } from '../../machine/process/recorder.ts';
import { everyChannel } from '../../protocol/contract-terms.ts';
import { LateLog, type LateUpdates } from '../../protocol/late-updates.ts';
import { payloadPool } from '../../scenarios/payload/payloads.ts';
import type { Payload } from '../../scenarios/scenario.ts';
import { type Emission, emissions, type Phase, updatesIn } from '../../scenarios/schedule.ts';
import { seedFrom } from '../../scenarios/seed.ts';
import { encodeEmission, type SourceConnection } from './source-connection.ts';

/** Emits the updates of a scenario into the backplane, phase by phase. */
export type Source = {
  /** Makes the plan and payloads of the next phase. Call it before the start is announced: it takes time. */
  readonly prepare: (phase: Phase) => void;
  /** Emits what was prepared. Resolves after the last update, with the number of updates, in all channels together. */
  readonly play: (startUs: number) => Promise<number>;
  /** Starts the window: resets what was recorded of lateness. */
  readonly begin: () => void;
  /** Microseconds from the intended instant until it is handed over, as of publishes and polls: an encoded recording. */
  readonly lateness: () => string;
  readonly lateUpdates: () => LateUpdates;
  readonly close: () => Promise<void>;
};

/** Emits each update at its intended instant; all due updates go out in one turn. */
export function createSource(clock: Clock, backplane: SourceConnection): Source {
  const lateness = createRecorder();
  const late = new LateLog();
  let emitDue: () => void = () => {};
  const alarm = createAlarm(clock, () => emitDue(), dozing(clock));

  let planned: readonly Emission[] = [];
  let payloads: readonly Uint8Array[] = [];
  let broadcasts: readonly Uint8Array[] = [];
  let channels = 0;

  const prepare = (phase: Phase) => {
    const { scenario, seed } = phase;
    const pool = (payload: Payload, name: string) => payloadPool(payload, scenario.encoding, seedFrom(seed, name));
    planned = emissions(phase);
    payloads = pool(scenario.payload, 'source-payload');
    broadcasts = scenario.broadcast ? pool(scenario.broadcast.payload, 'broadcast-payload') : [];
    channels = scenario.channels;
  };
  const play = (startUs: number) =>
    new Promise<number>((resolve) => {
      let next = 0;
      const nextUs = () => (next < planned.length ? startUs + planned[next]!.atUs : Number.POSITIVE_INFINITY);
      const encode = () => {
        const { channel } = planned[next]!;
        const pool = channel === everyChannel ? broadcasts : payloads;
        return encodeEmission(channel, nextUs(), pool[next % pool.length]!);
      };
      /** The next update, encoded before its instant. */
      let prepared: Uint8Array | undefined;
      emitDue = () => {
        for (; nextUs() <= clock.nowUs(); next++) {
          const bytes = prepared ?? encode();
          prepared = undefined;
          const lateUs = clock.nowUs() - nextUs();
          lateness.record(lateUs);
          late.note(planned[next]!.channel, nextUs(), lateUs);
          backplane.emit(bytes);
        }
        alarm.set(nextUs());
        if (next < planned.length) prepared = encode();
        else resolve(updatesIn(planned, channels));
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
