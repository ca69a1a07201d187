import type { RunAnalysis, ScenarioAnalysis } from '../../analysis/comparison/run-analysis.ts';
import { byteLayers } from '../../analysis/figures/byte-layers.ts';
import { byteFigures } from '../../analysis/figures/byte-place.ts';
import { type FigureKey, figures } from '../../analysis/figures/figures.ts';
import { formatParameter } from '../../analysis/figures/format.ts';
import { mergeHistograms, type SpectrumPoint, spectrumOf } from '../../analysis/figures/histogram.ts';
import { plannedLink } from '../../analysis/figures/planned-scenario.ts';
import { reportableOf } from '../../analysis/figures/reportable.ts';
import { timelineOf } from '../../analysis/figures/timeline.ts';
import type { TransportAnalysis } from '../../analysis/validity/assessment.ts';
import type { BarChart, ChartData, Mark, ScenarioCharts, SpectrumChart, TimelineChart } from './charts.ts';

/** Reduces a run to the numbers that its charts need. */
export function chartData({ scenarios, run }: RunAnalysis): ChartData {
  const rttMsOf = ({ planned }: ScenarioAnalysis) => plannedLink(planned, run.record).rttMs;
  return { scenarios: scenarios.map((scenario) => scenarioCharts(scenario, rttMsOf(scenario))) };
}

function scenarioCharts(scenario: ScenarioAnalysis, rttMs: number): ScenarioCharts {
  const rows = scenario.transports.filter(({ valid }) => valid.length > 0);
  return {
    spectrum: { lines: rows.flatMap(spectrumLine), marks: marksOf(scenario, rttMs) },
    timeline: { lines: rows.map(timelineLine) },
    stale: barChart('stale', rows),
    cpu: barChart('cpu.serving.update', rows),
    memory: barChart('memory.server', rows),
    bytes: {
      bars: rows.map(({ transport, medians }) => ({
        transport,
        layers: byteLayers.map(({ figure, layer }) =>
          rounded(layer === 'packets' && scenario.place === 'sockets' ? 0 : (medians[figure] ?? 0)),
        ),
        total: rounded(medians[byteFigures[scenario.place].both] ?? 0),
      })),
    },
  };
}

function spectrumLine({ transport, valid }: TransportAnalysis): SpectrumChart['lines'] {
  const merged = mergeHistograms(valid.map(({ trial }) => trial.latency.delivery));
  if (!merged) return [];
  const updates = valid.reduce((sum, { trial }) => sum + trial.updates.accepted, 0);
  const { points, reliableNines } = spectrumOf(merged, updates);
  const shown = reportablePoints(points, valid);
  return [{ transport, points: shown.map(({ nines, ms }) => [rounded(nines), rounded(ms)]), reliableNines }];
}

/** The points up to the first that a stall of the instrument made in any repeat. */
function reportablePoints(
  points: readonly SpectrumPoint[],
  valid: TransportAnalysis['valid'],
): readonly SpectrumPoint[] {
  const reportable = valid.map(({ trial }) => reportableOf(trial));
  const leftOut = points.findIndex(({ nines }) => reportable.some((isReportable) => !isReportable(1 - 10 ** -nines)));
  return leftOut < 0 ? points : points.slice(0, leftOut);
}

function timelineLine({ transport, valid }: TransportAnalysis): TimelineChart['lines'][number] {
  const points = timelineOf(valid.map(({ trial }) => trial)).map(({ seconds, min, mean, max }) => ({
    seconds: rounded(seconds),
    min: rounded(min),
    mean: rounded(mean),
    max: rounded(max),
  }));
  return { transport, points };
}

function marksOf({ planned: { scenario }, transports }: ScenarioAnalysis, rttMs: number): readonly Mark[] {
  const poll = {
    name: 'poll interval',
    ms: scenario.pollIntervalMs,
    isFloor: false,
  };
  // An update from a client travels to the server and back, so it takes a whole round trip.
  const [least, ms] = scenario.origin === 'client' ? ['one round trip', rttMs] : ['half a round trip', rttMs / 2];
  return [
    ...(rttMs > 0 ? [{ name: `${least}, ${formatParameter(ms, 'ms')}`, ms, isFloor: true }] : []),
    ...(transports.some(({ transport, valid }) => transport === 'short-polling' && valid.length > 0) ? [poll] : []),
  ];
}

function barChart(figure: FigureKey, rows: readonly TransportAnalysis[]): BarChart {
  return {
    unit: figures[figure].unit,
    bars: rows.flatMap(({ transport, medians, valid }) => {
      const median = medians[figure];
      if (median === undefined) return [];
      const repeats = valid.flatMap(({ figures }) => figures[figure] ?? []);
      return [{ transport, median: rounded(median), repeats: repeats.map(rounded) }];
    }),
  };
}

/** Six digits are finer than a pixel and keep the page small. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
