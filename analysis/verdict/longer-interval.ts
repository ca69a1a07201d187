import type { BytePlace } from '../figures/byte-place.ts';
import { byteFigures } from '../figures/byte-place.ts';
import { type Measured, pollsOf, ratio, requestsOf } from '../figures/figure.ts';
import { figureOf } from '../figures/figures.ts';

/** What short polling would cost at another interval: bytes per client and minute, milliseconds of server CPU per second. */
export type CostOfPolling = {
  readonly pollIntervalMs: number;
  readonly bytes: number;
  readonly cpuMsPerSecond: number;
};

/**
 * What short polling costs at a longer interval than the measured one, by theory: fewer polls, and each that falls away
 * saves the measured mean cost of one request. What does not depend on the interval, updates and publishes, stays. Under
 * `latest` this is an upper estimate, because rarer polls also fetch fewer updates. `undefined` if the trial lacks a
 * figure, or asked no oftener than that.
 */
export function atInterval(measured: Measured, pollIntervalMs: number, place: BytePlace): CostOfPolling | undefined {
  const { trial, scenario } = measured;
  const bytes = figureOf(byteFigures[place].both, measured);
  const cpuMsPerSecond = figureOf('cpu.serving', measured);
  const updates = [figureOf('bytes.down.updates', measured), figureOf('bytes.up.updates', measured)];
  const pollShare = ratio(pollsOf(measured), requestsOf(trial));
  if (bytes === undefined || cpuMsPerSecond === undefined || pollShare === undefined) return undefined;
  if (updates.includes(undefined) || pollIntervalMs <= scenario.pollIntervalMs) return undefined;
  const fallen = pollShare * (1 - scenario.pollIntervalMs / pollIntervalMs);
  const around = bytes - updates.reduce<number>((sum, each) => sum + each!, 0);
  return {
    pollIntervalMs,
    bytes: bytes - around * fallen,
    cpuMsPerSecond: cpuMsPerSecond * (1 - fallen),
  };
}
