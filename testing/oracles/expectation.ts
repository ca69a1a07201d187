import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { channelOf } from '../../scenarios/scenario.ts';
import { emissions, pollPhasesUs } from '../../scenarios/schedule.ts';
import type { OracleResult, OracleTrial } from './oracle-trial.ts';
import type { Stall } from './stall.ts';
import { percentileOf, staleTruthUs, truthFor } from './truth.ts';

/** Figures of a trial as computed, not measured. `latenciesMs`: of every delivery to every client. */
export type Expectation = {
  readonly latenciesMs: readonly number[];
  readonly staleFraction: number;
  readonly skippedPolls: number;
  /** How many clients get each update. */
  readonly audience: number;
};

/** The truth of a whole trial: every client's polls and channel come from the same seeded schedule that was played. */
export function expectationOf(
  { scenario, transport, durationMs }: OracleTrial,
  { seed, startUs }: Pick<OracleResult, 'seed' | 'startUs'>,
  fault: { readonly delayMs?: number; readonly stall?: Stall },
): Expectation {
  const planned = emissions({ kind: 'window', scenario, seed, durationUs: durationMs * 1000 });
  const phasesUs = pollPhasesUs(scenario, seed);
  const endUs = startUs + durationMs * 1000;
  const perClient = Array.from({ length: scenario.clients }, (_, client) => {
    const intendedUs = planned
      .filter(({ channel }) => channel === channelOf(scenario, client))
      .map(({ atUs }) => startUs + atUs);
    const { receivedUs, skippedPolls } = truthFor({
      transport,
      intendedUs,
      delayUs: (fault.delayMs ?? 0) * 1000,
      ...(fault.stall && { stall: fault.stall }),
      firstPollUs: startUs + phasesUs[client]!,
      pollIntervalUs: scenario.pollIntervalMs * 1000,
    });
    return {
      latenciesMs: intendedUs.map((atUs, row) => (receivedUs[row]! - atUs) / 1000),
      staleUs: staleTruthUs(intendedUs, receivedUs, { fromUs: startUs, toUs: endUs }),
      skippedPolls,
    };
  });
  const total = (name: 'staleUs' | 'skippedPolls') => perClient.reduce((sum, each) => sum + each[name], 0);
  return {
    latenciesMs: perClient.flatMap(({ latenciesMs }) => latenciesMs),
    staleFraction: total('staleUs') / (durationMs * 1000 * scenario.clients),
    skippedPolls: total('skippedPolls'),
    audience: scenario.clients / scenario.channels,
  };
}

/** One percentile as computed and as the suite reports it. */
export type Comparison = { readonly percentile: number; readonly truthMs: number; readonly reportedMs: number };

/**
 * Percentiles of the truth beside those of the histogram that the trial recorded. Which of two successive updates a
 * percentile falls on is decided by a fraction of a millisecond, and they may be far apart in time: the truth is the
 * value nearest to the reported one among those of the update before, at and after the percentile.
 */
export function comparePercentiles(
  { latenciesMs, audience }: Expectation,
  { record }: Pick<OracleResult, 'record'>,
  percentiles: readonly number[],
): readonly Comparison[] {
  const histogram = decodeFromCompressedBase64(record.latency.delivery.encoded);
  const oneUpdate = (100 * audience) / latenciesMs.length;
  return percentiles.map((percentile) => {
    const reportedMs = histogram.getValueAtPercentile(percentile) / 1000;
    const [least, most] = [-oneUpdate, oneUpdate].map((more) => percentileOf(latenciesMs, percentile + more));
    return { percentile, truthMs: Math.min(Math.max(reportedMs, least!), most!), reportedMs };
  });
}

const toleratedShare = 0.03;
const toleratedMs = 2;

/** Within 3% or 2 ms, whichever is more, plus `roomMs`. */
export function agrees({ truthMs, reportedMs }: Comparison, roomMs: number): boolean {
  return Math.abs(reportedMs - truthMs) <= Math.max(toleratedMs, toleratedShare * truthMs) + roomMs;
}
