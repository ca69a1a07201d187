import { createAlarm } from '../../machine/process/alarm.ts';
import type { Clock } from '../../machine/process/clock.ts';

/** Things with intended instants, in order. */
export type Track = {
  /** Intended instant of the next one, in the clock's microseconds; `Infinity`: nothing is left. */
  readonly nextUs: () => number;
  /** Does the next one and moves on. */
  readonly fire: () => void;
};

export type Agenda = {
  /** Replaces what was going on. */
  readonly play: (tracks: readonly Track[]) => void;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
};

/** Fires tracks at their instants. What is overdue is done at once, never left out: lateness then shows in the latency. */
export function createAgenda(clock: Clock): Agenda {
  let playing: readonly Track[] = [];
  const alarm = createAlarm(clock, () => fireDue());

  const fireDue = () => {
    let nextUs = Number.POSITIVE_INFINITY;
    for (const track of playing) {
      while (track.nextUs() <= clock.nowUs()) track.fire();
      nextUs = Math.min(nextUs, track.nextUs());
    }
    alarm.set(nextUs);
  };
  return {
    play: (tracks) => {
      playing = tracks;
      fireDue();
    },
    stop: () => {
      playing = [];
      alarm.set(Number.POSITIVE_INFINITY);
    },
    close: alarm.close,
  };
}
