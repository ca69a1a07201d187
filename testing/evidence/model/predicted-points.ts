import { logAverage } from 'simple-statistics';
import type { Measured } from '../../../analysis/figures/figure.ts';
import { type FigureKey, figureOf } from '../../../analysis/figures/figures.ts';
import { formatValue } from '../../../analysis/figures/format.ts';
import { calibrationOfPath } from '../../../analysis/model/cost/calibration-of-run.ts';
import { residualsOfTrials } from '../../../analysis/model/prediction/measured-load.ts';
import type { Residual } from '../../../analysis/model/prediction/residual.ts';
import type { FigureValues } from '../../../analysis/validity/assessment.ts';
import { isValidTrial } from '../../../analysis/validity/validity.ts';
import type { PlannedScenario } from '../../../bench/plan/plan.ts';
import { type Transport, transports, transportTitles } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import type { CompletedTrial } from '../../../results/schema/schema.ts';
import { isSameScenario, pointSuffix, scenarioAt } from '../../../scenarios/point.ts';
import type { Finding } from '../evidence.ts';

/** Of all loads that are predicted. */
export const rttMs = 40;

export function calibratedBy(planned: readonly PlannedScenario[], trials: readonly CompletedTrial[]): PathCalibration {
  const seen = planned.flatMap((each) => trialsOf(each, trials).map((trial) => ({ trial, scenario: each.scenario })));
  const path = calibrationOfPath(seen, 'isolated');
  if (!path) throw new Error('the windows of the calibration determine no costs');
  return path;
}

export function trialsOf(planned: PlannedScenario, trials: readonly CompletedTrial[]): readonly CompletedTrial[] {
  return trials.filter((trial) => isSameScenario(trial, scenarioAt(planned)) && isValidTrial(trial));
}

/** One load over one transport, by the geometric means of its trials. */
export type Point = {
  readonly title: string;
  readonly trials: number;
  readonly residuals: readonly Residual[];
};

const figureKeys = ['bytes.wire.down', 'bytes.wire.up', 'cpu.serving'] as const satisfies readonly FigureKey[];

/** Predicted for as many updates as there were. */
export function pointsOf(
  planned: PlannedScenario,
  all: readonly CompletedTrial[],
  path: PathCalibration,
  nodes = 1,
): readonly Point[] {
  const { scenario, point = {} } = planned;
  return transports.flatMap((transport) => {
    const measured = ofTransport(transport, planned, all).map((trial) => ({ trial, scenario }));
    const figures = figuresTogether(measured);
    const residuals = residualsOfTrials({ scenario, rttMs, nodes }, path, { transport, measured, figures });
    if (residuals.length === 0) return [];
    return [
      {
        title: `${transportTitles[transport]}, ${scenario.title}${pointSuffix(point)}`,
        trials: measured.length,
        residuals: residuals.filter((each) => each.measured !== undefined),
      },
    ];
  });
}

function figuresTogether(measured: readonly Measured[]): Partial<FigureValues> {
  if (measured.length === 0) return {};
  const together = (key: FigureKey) => logAverage(measured.map((each) => figureOf(key, each)!));
  return Object.fromEntries(figureKeys.map((key) => [key, together(key)]));
}

export function ofTransport(transport: Transport, planned: PlannedScenario, trials: readonly CompletedTrial[]) {
  return trialsOf(planned, trials).filter((trial) => trial.transport === transport);
}

/** Told, and judged only together. */
export function pointFinding({ title, trials, residuals }: Point): Finding {
  return {
    claim: title,
    found: `${trials} valid trials; ${residuals.map(residualText).join('; ')}`,
    holds: trials > 0,
  };
}

export function residualOf({ residuals }: Point, key: Residual['key']): Residual {
  return residuals.find((each) => each.key === key)!;
}

export function missOf({ off }: Residual): number {
  return Math.abs(off!);
}

function residualText({ title, unit, expected, measured, off, isWithin }: Residual): string {
  const text = `${title} ${formatValue(expected.value, unit)} for ${formatValue(measured!, unit)} (${percent(off!)}`;
  return `${text}${isWithin ? '' : ', outside of the interval'})`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Limits of a prediction of many clients: shares of what was measured. */
export type Allowed = { readonly bytes: number; readonly cpu: number; readonly memory: number };

/** Of many clients, whose claim says from what it was predicted. */
export function manyFindings(points: readonly Point[], from: string, allowed: Allowed): readonly Finding[] {
  const worst = (...keys: readonly Residual['key'][]) =>
    Math.max(...points.flatMap((point) => keys.map((key) => missOf(residualOf(point, key)))));
  const figures = {
    manyBytesWorstPercent: worst('bytes.wire.down', 'bytes.wire.up') * 100,
    manyCpuWorstPercent: worst('cpu.serving') * 100,
    manyMemoryWorstPercent: worst('memory') * 100,
  };
  const { bytes, cpu, memory } = allowed;
  const limits: Partial<Record<Residual['key'], number>> = {
    'bytes.wire.down': bytes,
    'bytes.wire.up': bytes,
    'cpu.serving': cpu,
    memory,
  };
  return points.map((point) => ({
    ...pointFinding(point),
    claim: `${point.title}, ${from}: off by at most ${percent(bytes)} of bytes, ${percent(cpu)} of CPU and ${percent(memory)} of memory`,
    holds: point.trials > 0 && point.residuals.every((each) => missOf(each) <= limits[each.key]!),
    figures,
  }));
}
