import { type Approach, woken } from './approach.ts';
import type { Clock } from './clock.ts';
import { type Sleeper, startSleeper } from './sleeper.ts';

/**
 * Calls back at an instant, never early, as `setTimeout` may be. How late depends on the approach: some microseconds
 * where the process spins, tens where it dozes, up to 360 where it is only woken; `setTimeout` is one to two
 * milliseconds late. The callback handles everything due by then, so a busy second costs few wake-ups.
 */
export type Alarm = {
  /** Sets the next instant in the clock's microseconds, replacing the previous one. `Infinity`: do not ring. */
  readonly set: (atUs: number) => void;
  readonly close: () => Promise<void>;
};

/** What an alarm is made of. */
export type AlarmParts = {
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly approach: Approach;
  readonly startSleeper: (onWake: () => void) => Sleeper;
  /** Calls back after one turn of the event loop. */
  readonly afterTurn: (then: () => void) => void;
};

/** `onDue` runs when the set instant has come and must set the next one. */
export function createAlarm(clock: Clock, onDue: () => void, approach: Approach = woken): Alarm {
  const afterTurn = (then: () => void) => void setImmediate(then);
  return alarmOf({ clock, approach, startSleeper: (onWake) => startSleeper(clock, onWake), afterTurn }, onDue);
}

/** The same of given parts, so that it can be tested without waiting. */
export function alarmOf({ clock, approach, startSleeper, afterTurn }: AlarmParts, onDue: () => void): Alarm {
  let setUs = Number.POSITIVE_INFINITY;
  let leadUs = 0;
  /** Whether a turn of the event loop is being waited for. */
  let turning = false;

  const proceed = () => {
    const leftUs = setUs - clock.nowUs();
    if (leftUs === Number.POSITIVE_INFINITY) return;
    if (leftUs > leadUs) {
      sleeper.wakeAt(setUs - leadUs);
      return;
    }
    if (leftUs > 0) approach.wait(leftUs);
    if (clock.nowUs() < setUs) {
      turn();
      return;
    }
    setUs = Number.POSITIVE_INFINITY;
    onDue();
  };
  const turn = () => {
    turning = true;
    const sinceUs = clock.nowUs();
    afterTurn(() => {
      turning = false;
      const nowUs = clock.nowUs();
      approach.turned(nowUs - sinceUs, nowUs);
      proceed();
    });
  };
  const sleeper = startSleeper(() => {
    if (!turning) proceed();
  });
  return {
    set: (atUs) => {
      setUs = atUs;
      leadUs = approach.leadUs(atUs);
      if (turning) return;
      // Too near for the way to the sleeper and back.
      if (atUs - clock.nowUs() <= leadUs) turn();
      else sleeper.wakeAt(atUs - leadUs);
    },
    close: async () => {
      setUs = Number.POSITIVE_INFINITY;
      await sleeper.close();
    },
  };
}
