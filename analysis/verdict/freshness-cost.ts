import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { Cohort, CompletedTrial, PlannedScenario } from '../../results/schema/schema.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { servingCpuMs } from '../figures/cpu-figure.ts';
import { figureOf } from '../figures/figures.ts';
import { plannedLink } from '../figures/planned-scenario.ts';
import { isReportable } from '../figures/reportable.ts';
import { isCold } from '../validity/validity.ts';
import type { CostMeasure } from './cost-measure.ts';

/** One reading: mean staleness in milliseconds, and what it cost per client and minute. */
export type CostReading = { readonly stalenessMs: number } & Readonly<Record<CostMeasure, number>>;

/** Medians over the valid repeats, and every repeat. */
export type CostPoint = CostReading & { readonly repeats: readonly CostReading[] };

export type PollingPoint = CostPoint & { readonly pollIntervalMs: number };
export type TransportPoint = CostPoint & { readonly transport: Transport };

/** Short polling as a curve over its interval, the other transports as points. */
export type FreshnessCost = {
  readonly planned: PlannedScenario;
  /** By ascending interval, and so usually by ascending staleness. */
  readonly polling: readonly PollingPoint[];
  readonly others: readonly TransportPoint[];
  /** Whether any trial is cold, with compiling in its CPU: then CPU is shown without a claim. */
  readonly isCold: boolean;
};

/** The cost of freshness in every scenario with short polling at two intervals or more. */
export function freshnessCosts({ scenarios, run }: RunAnalysis): readonly FreshnessCost[] {
  return scenarios.flatMap((scenario) => {
    const polling = pollingPoints(scenario, plannedLink(scenario.planned, run.record).rttMs);
    return polling.length < 2
      ? []
      : [
          {
            planned: scenario.planned,
            polling,
            others: otherPoints(scenario),
            isCold: scenario.transports.some(({ valid }) => valid.some(({ trial }) => isCold(trial))),
          },
        ];
  });
}

/** Leaves out intervals up to a round trip, which no client can keep: a poll waits for the answer to the one before. */
function pollingPoints({ planned, transports }: ScenarioAnalysis, rttMs: number): readonly PollingPoint[] {
  const trials = transports
    .filter(({ transport }) => transport === 'short-polling')
    .flatMap(({ valid }) => valid.map(({ trial }) => trial))
    // Else a stall of the instrument is in the staleness of the cohorts.
    .filter((trial) => isReportable(trial, 'mean'));
  const intervals = [...(planned.scenario.pollCohortsMs ?? [])].filter((ms) => ms > rttMs).sort((a, b) => a - b);
  return intervals.flatMap((pollIntervalMs) => {
    const repeats = trials.flatMap((trial) =>
      trial.cohorts
        .filter(
          (cohort) => cohort.pollIntervalMs === pollIntervalMs && cohort.delivery.count > 0 && cohort.requests > 0,
        )
        .map((cohort) => cohortReading(trial, cohort)),
    );
    return repeats.length > 0 ? [{ pollIntervalMs, ...medianOf(repeats) }] : [];
  });
}

/**
 * Bytes are the cohort's own. The server is one process for all cohorts, so each cohort is charged CPU by its share of
 * all polls.
 */
function cohortReading(trial: CompletedTrial, cohort: Cohort): CostReading {
  const clientMinutes = (cohort.clients * trial.window.durationMs) / 60_000;
  const { down, up } = cohort;
  const bytes = down.encodedUpdateBytes + down.framingBytes + up.encodedUpdateBytes + up.framingBytes;
  const requests = trial.cohorts.reduce((sum, each) => sum + each.requests, 0);
  return {
    stalenessMs: cohort.meanStalenessMs,
    bytes: bytes / clientMinutes,
    cpu: (servingCpuMs(trial) * cohort.requests) / requests / clientMinutes,
  };
}

function otherPoints({ planned, transports }: ScenarioAnalysis): readonly TransportPoint[] {
  return transports
    .filter(({ transport }) => transport !== 'short-polling')
    .flatMap(({ transport, valid }) => {
      const repeats = valid.flatMap(({ trial }) => {
        const measured = { trial, scenario: planned.scenario };
        const bytes = figureOf('bytes.total', measured);
        const cpu = figureOf('cpu.serving.client', measured);
        const stalenessMs = figureOf('staleness', measured);
        return bytes === undefined || cpu === undefined || stalenessMs === undefined
          ? []
          : [{ stalenessMs, bytes, cpu }];
      });
      return repeats.length > 0 ? [{ transport, ...medianOf(repeats) }] : [];
    });
}

function medianOf(repeats: readonly CostReading[]): CostPoint {
  const of = (name: keyof CostReading) => median(repeats.map((reading) => reading[name]));
  return { stalenessMs: of('stalenessMs'), bytes: of('bytes'), cpu: of('cpu'), repeats };
}

/** Where polling costs as much as a transport. Less frequent polls cost less, and their clients wait longer. */
export type BreakEven =
  | { readonly kind: 'at'; readonly pollIntervalMs: number; readonly stalenessMs: number }
  /** At every measured interval polling costs more (`dearer`) or less (`cheaper`). */
  | { readonly kind: 'dearer' }
  | { readonly kind: 'cheaper' };

/** Interpolates on logarithms, on which the curve is nearly straight. `polling` must not be empty. */
export function breakEven(polling: readonly PollingPoint[], point: CostPoint, measure: CostMeasure): BreakEven {
  const wanted = Math.log(point[measure]);
  for (const [index, to] of polling.entries()) {
    const from = polling[index - 1];
    if (!from) continue;
    const [high, low] = [Math.log(from[measure]), Math.log(to[measure])];
    if (high < wanted || low > wanted || high === low) continue;
    const share = (high - wanted) / (high - low);
    const between = (name: 'pollIntervalMs' | 'stalenessMs') =>
      Math.exp(Math.log(from[name]) + share * (Math.log(to[name]) - Math.log(from[name])));
    return { kind: 'at', pollIntervalMs: between('pollIntervalMs'), stalenessMs: between('stalenessMs') };
  }
  return { kind: polling[0]![measure] < point[measure] ? 'cheaper' : 'dearer' };
}
