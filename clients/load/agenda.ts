import { createAlarm } from '../../machine/process/alarm.ts';
import { spinning } from '../../machine/process/approach.ts';
import type { Clock } from '../../machine/process/clock.ts';
import { createWakeLimit } from '../../machine/process/wake-limit.ts';

/** Actions with intended instants, in ascending order. */
export type Track = {
  /** Intended instant of the next action in the clock's microseconds; `Infinity` when none is left. */
  readonly nextUs: () => number;
  /** Does the part of the next action that can be done before its instant. */
  readonly prepare?: () => void;
  /** Runs the next action and moves on. */
  readonly fire: () => void;
};

export type Agenda = {
  /** Plays these tracks in place of the current ones. */
  readonly play: (tracks: readonly Track[]) => void;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
};

/**
 * Runs tracks at their instants. An overdue action runs at once and is never skipped, so lateness shows in the latency.
 */
export function createAgenda(clock: Clock): Agenda {
  let playing: readonly Track[] = [];
  const alarm = createAlarm(clock, () => fireDue(), spinning(createWakeLimit()));

  const fireDue = () => {
    let nextUs = Number.POSITIVE_INFINITY;
    for (const track of playing) {
      while (track.nextUs() <= clock.nowUs()) track.fire();
      nextUs = Math.min(nextUs, track.nextUs());
    }
    alarm.set(nextUs);
    for (const track of playing) track.prepare?.();
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
