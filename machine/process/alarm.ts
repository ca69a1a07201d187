import { type Approach, woken } from './approach.ts';
import type { Clock } from './clock.ts';
import { type Sleeper, startSleeper } from './sleeper.ts';

/**
 * Calls back at an instant, never early, as `setTimeout` may be. How late depends on the approach: some microseconds
 * where the process spins or dozes, up to 360 where it is only woken, a millisecond where it spins for thousands of
 * instants a second; `setTimeout` is one to two milliseconds late. The callback handles everything due by then, so a busy
 * second costs few wake-ups.
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
  /** Whether `proceed` runs, or a turn of the event loop is being waited for: either looks at the instant set. */
  let isPending = false;

  /** Rings for all instants that are near. One turn of the event loop at least lies between two calls. */
  const proceed = () => {
    const sinceUs = clock.nowUs();
    let nowUs = sinceUs;
    isPending = true;
    do {
      if (setUs - nowUs > leadUs) break;
      if (setUs > nowUs) approach.wait(setUs);
      if (clock.nowUs() < setUs) break;
      setUs = Number.POSITIVE_INFINITY;
      onDue();
      nowUs = clock.nowUs();
    } while (nowUs - sinceUs < approach.mostWithoutTurnUs);
    isPending = false;
    resume(sinceUs);
  };
  /** Goes on to the instant set, by the event loop or by the sleeper. `sinceUs`: since when the main thread is awake. */
  const resume = (sinceUs: number) => {
    if (setUs === Number.POSITIVE_INFINITY) return;
    // Too near for the way to the sleeper and back.
    if (setUs - clock.nowUs() <= leadUs) turn(sinceUs);
    else sleeper.wakeAt(setUs - leadUs);
  };
  const turn = (sinceUs: number) => {
    isPending = true;
    afterTurn(() => {
      const nowUs = clock.nowUs();
      approach.turned(nowUs - sinceUs, nowUs);
      proceed();
    });
  };
  const sleeper = startSleeper(() => {
    approach.woke(clock.nowUs());
    if (!isPending) proceed();
  });
  return {
    set: (atUs) => {
      setUs = atUs;
      leadUs = approach.leadUs(atUs);
      if (!isPending) resume(clock.nowUs());
    },
    close: async () => {
      setUs = Number.POSITIVE_INFINITY;
      await sleeper.close();
    },
  };
}
