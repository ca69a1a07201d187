import type { Transport } from '../../protocol/transport.ts';
import type { PathCalibration } from '../../results/schema/calibration-schema.ts';
import type { Point } from '../../scenarios/point.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { byteFigures } from '../figures/byte-place.ts';
import type { FigureKey } from '../figures/figures.ts';
import type { Residual } from '../model/prediction/residual.ts';
import { type RowResiduals, residualsOfScenario } from '../model/prediction/scenario-residuals.ts';
import type { TransportAnalysis } from '../validity/assessment.ts';

/** One figure of one transport at one point. */
export type SweepReading = {
  /** On the axis of the panel. */
  readonly at: number;
  /** Median of the valid repeats. */
  readonly measured: number;
  readonly repeats: readonly number[];
  /** `undefined` where the model does not cover the load, or nothing is calibrated. */
  readonly predicted: number | undefined;
};

export type SweepSeries = { readonly transport: Transport; readonly readings: readonly SweepReading[] };

/** One figure along an axis. */
export type SweepPanel = {
  readonly figure: FigureKey;
  readonly title: string;
  readonly unit: 'ms' | 'bytes' | 'ms/s' | 'share';
  readonly series: readonly SweepSeries[];
};

/** The panels of one value of the second axis; without one there is a single row. */
export type SweepRow = { readonly value: number | undefined; readonly panels: readonly SweepPanel[] };

export type Sweep = {
  readonly title: string;
  /** The axis of the panels. */
  readonly axis: string;
  /** The axis that rows differ on. */
  readonly rowAxis: string | undefined;
  readonly rows: readonly SweepRow[];
};

/** The figures of a sweep along its axes; `undefined` for a run that is none, or as long as it has no figure. */
export function sweepOf(analysis: RunAnalysis, path: PathCalibration | undefined): Sweep | undefined {
  const { scenarios, run } = analysis;
  const [first] = scenarios;
  if (!run.record.plan.shuffled || !first) return undefined;
  const [axis, rowAxis] = axesOf(scenarios.map(({ planned }) => planned.point));
  if (axis === undefined) return undefined;
  const points = scenarios.map((scenario): MeasuredPoint => {
    const rows = path ? residualsOfScenario(scenario, run.record, path) : [];
    return { scenario, residuals: new Map(rows.map((each) => [each.row.transport, each.residuals])) };
  });
  const rows = valuesOf(rowAxis, points).map((value) => ({
    value,
    panels: panelsOf(
      axis,
      points.filter((each) => rowAxis === undefined || pointOf(each)[rowAxis] === value),
    ),
  }));
  const hasFigures = rows.some(({ panels }) => panels.length > 0);
  return hasFigures ? { title: first.planned.scenario.title, axis, rowAxis, rows } : undefined;
}

type MeasuredPoint = {
  readonly scenario: ScenarioAnalysis;
  readonly residuals: ReadonlyMap<Transport, RowResiduals['residuals']>;
};

function pointOf({ scenario }: MeasuredPoint): Point {
  return scenario.planned.point;
}

/** The axes that vary, the one with the most values first: along a panel more of them can be seen. */
function axesOf(points: readonly Point[]): readonly string[] {
  const countOf = (axis: string) => new Set(points.map((point) => point[axis])).size;
  return Object.keys(points[0] ?? {})
    .filter((axis) => countOf(axis) > 1)
    .sort((a, b) => countOf(b) - countOf(a));
}

function valuesOf(axis: string | undefined, points: readonly MeasuredPoint[]): readonly (number | undefined)[] {
  if (axis === undefined) return [undefined];
  return [...new Set(points.map((each) => pointOf(each)[axis]!))].sort((a, b) => a - b);
}

function panelsOf(axis: string, points: readonly MeasuredPoint[]): readonly SweepPanel[] {
  const isOnWire = points.every(({ scenario }) => scenario.place === 'wire');
  const bytes = byteFigures[isOnWire ? 'wire' : 'sockets'].both;
  const shown = (['latency.mean', bytes, 'cpu.serving'] as const).map(
    (figure): SweepPanel => ({
      figure,
      ...shownAs[figure],
      series: seriesOf(figure, axis, points),
    }),
  );
  return shown.filter(({ series }) => series.length > 0);
}

/** Titles that fit above a small picture. */
const shownAs = {
  'latency.mean': { title: 'Mean delivery latency', unit: 'ms' },
  'bytes.wire': { title: 'Wire bytes per client and minute', unit: 'bytes' },
  'bytes.total': { title: 'Socket bytes per client and minute', unit: 'bytes' },
  'cpu.serving': { title: 'Server CPU', unit: 'ms/s' },
} as const satisfies Partial<Record<FigureKey, Pick<SweepPanel, 'title' | 'unit'>>>;

type SweptFigure = keyof typeof shownAs;

function seriesOf(figure: SweptFigure, axis: string, points: readonly MeasuredPoint[]): readonly SweepSeries[] {
  const transports = points[0]!.scenario.transports.map(({ transport }) => transport);
  return transports.flatMap((transport) => {
    const readings = points
      .flatMap((point) => readingOf(figure, transport, point, axis) ?? [])
      .sort((a, b) => a.at - b.at);
    return readings.length > 0 ? [{ transport, readings }] : [];
  });
}

function readingOf(
  figure: SweptFigure,
  transport: Transport,
  point: MeasuredPoint,
  axis: string,
): SweepReading | undefined {
  const row = point.scenario.transports.find((each) => each.transport === transport);
  const measured = row?.medians[figure];
  if (row === undefined || measured === undefined) return undefined;
  return {
    at: pointOf(point)[axis]!,
    measured,
    repeats: repeatsOf(row, figure),
    predicted: predictedOf(figure, point.residuals.get(transport) ?? []),
  };
}

function repeatsOf({ valid }: TransportAnalysis, figure: SweptFigure): readonly number[] {
  return valid.flatMap(({ figures: found }) => found[figure] ?? []);
}

/** Bytes on the wire are predicted for each direction. */
function predictedOf(figure: SweptFigure, residuals: readonly Residual[]): number | undefined {
  const parts: readonly FigureKey[] = figure === 'bytes.wire' ? ['bytes.wire.down', 'bytes.wire.up'] : [figure];
  const found = parts.map((part) => residuals.find(({ key }) => key === part)?.expected.value);
  return found.some((value) => value === undefined) ? undefined : found.reduce<number>((sum, value) => sum + value!, 0);
}
