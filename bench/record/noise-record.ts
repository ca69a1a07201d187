import { median } from 'simple-statistics';
import type { HostTime } from '../../machine/host/host-time.ts';
import type { SpinReading, TaskReading, Watched } from '../../machine/host/noise-probe.ts';
import type { NoiseRecord } from '../../results/schema/schema.ts';

/**
 * The noise between two readings. `trialMs`: CPU time that the measured processes used between them.
 *
 * Strangers' time is the time of the cores minus idle time, steal and our own. The system counts in steps of 10 ms per
 * core, so the shortest windows are off by some percent.
 */
export function noiseBetween(
  { start, end, tasks }: Watched,
  trialMs: number,
  spinReadings: readonly SpinReading[],
): NoiseRecord {
  const host = passed(start.host, end.host);
  const ownMs = trialMs + end.ownMs - start.ownMs;
  const throttled = start.throttledMs !== null && end.throttledMs !== null;
  return {
    stealShare: host ? host.stealMs / host.totalMs : null,
    strangerShare: host ? Math.max(0, host.totalMs - host.idleMs - host.stealMs - ownMs) / host.totalMs : null,
    throttledMs: throttled ? end.throttledMs! - start.throttledMs! : null,
    spins: spinsOf(spinReadings),
    tasks: tasks.flatMap(taskOf),
  };
}

/** The cores' time between two readings; undefined if the system does not tell it, or if none passed. */
function passed(start: HostTime | undefined, end: HostTime | undefined): HostTime | undefined {
  if (!start || !end || end.totalMs <= start.totalMs) return undefined;
  return {
    idleMs: end.idleMs - start.idleMs,
    stealMs: end.stealMs - start.stealMs,
    totalMs: end.totalMs - start.totalMs,
  };
}

/** None if the window was too short for a task to fall due. */
function taskOf({ core, tookUs, cpuMs }: TaskReading[number]): NonNullable<NoiseRecord['tasks']> {
  return tookUs.length === 0 ? [] : [{ core, count: tookUs.length, medianUs: median([...tookUs]), cpuMs }];
}

function spinsOf(readings: readonly SpinReading[]): NoiseRecord['spins'] {
  const [first = []] = readings;
  return first.map(({ core }, place) => {
    const durations = readings.flatMap((reading) => reading[place]?.durationsUs ?? []);
    const fastestUs = Math.min(...durations);
    const meanUs = durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
    return { core, fastestUs, slowdown: meanUs / fastestUs };
  });
}
