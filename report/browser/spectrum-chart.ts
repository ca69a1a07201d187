import { Chart, type ChartConfiguration, type Scale } from 'chart.js';
import { formatParameter, formatValue } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { transportStyles } from '../markup/theme.ts';
import type { SpectrumChart } from '../pictures/charts.ts';
import { endLabels, labelSpace } from './end-labels.ts';
import { axisFont, tooltipStyle } from './look.ts';
import type { Palette } from './palette.ts';

/** 0%, 50%, 90%, then one more nine each. */
const percentileTicks = [
  { nines: 0, label: '0%' },
  { nines: Math.log10(2), label: '50%' },
  { nines: 1, label: '90%' },
  { nines: 2, label: '99%' },
  { nines: 3, label: '99.9%' },
  { nines: 4, label: '99.99%' },
  { nines: 5, label: '99.999%' },
];

/** Latency by percentile. The axis counts nines, so the tail gets as much room as the middle. */
export function drawSpectrum(canvas: HTMLCanvasElement, { lines, marks }: SpectrumChart, palette: Palette): Chart {
  const values = [...lines.flatMap(({ points }) => points.map(([, ms]) => ms)), ...marks.map(({ ms }) => ms)];
  const last = Math.max(1, ...lines.flatMap(({ points }) => points.map(([nines]) => nines)));
  const config: ChartConfiguration<'line'> = {
    type: 'line',
    data: {
      datasets: lines.map(({ transport, points, reliableNines }) => ({
        label: transportTitles[transport],
        data: points.map(([x, y]) => ({ x, y })),
        borderColor: palette.of(transport),
        borderDash: [...transportStyles[transport].dash],
        borderWidth: 2.25,
        pointRadius: 0,
        pointHoverRadius: 4,
        pointBackgroundColor: palette.of(transport),
        segment: { borderColor: ({ p1 }) => (p1.parsed.x! > reliableNines ? palette.faint(transport) : undefined) },
      })),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: ({ chart }) => ({ right: labelSpace(chart), top: 6 }) },
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          min: 0,
          max: last,
          title: {
            display: true,
            text: 'share of deliveries that arrived within the time',
            color: palette.of('muted'),
            font: axisFont(palette),
          },
          afterBuildTicks: (axis: Scale) => {
            axis.ticks = percentileTicks.filter(({ nines }) => nines <= last).map(({ nines }) => ({ value: nines }));
          },
          ticks: {
            color: palette.of('muted'),
            font: axisFont(palette),
            autoSkip: false,
            maxRotation: 0,
            padding: 6,
            callback: (value) => percentileTicks.find(({ nines }) => nines === value)?.label,
          },
          grid: { color: palette.of('grid'), drawTicks: false },
          border: { display: false },
        },
        y: {
          type: 'logarithmic',
          ...roundBounds(Math.min(...values), Math.max(...values)),
          afterBuildTicks: (axis: Scale) => {
            axis.ticks = roundTicks(axis.min, axis.max).map((value) => ({ value }));
          },
          ticks: {
            color: palette.of('muted'),
            font: axisFont(palette),
            padding: 6,
            callback: (value) => formatParameter(Number(value), 'ms'),
          },
          grid: { color: palette.of('grid'), drawTicks: false },
          border: { display: false },
        },
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(palette),
          callbacks: {
            title: ([item]) => (item ? `${percentText(item.parsed.x!)} arrived within` : ''),
            label: ({ dataset, parsed }) => ` ${dataset.label}: ${formatValue(parsed.y!, 'ms')}`,
          },
        },
        annotation: {
          annotations: marks.map(({ name, ms, isFloor }) => ({
            type: 'line',
            scaleID: 'y',
            value: ms,
            borderColor: palette.of('muted'),
            borderWidth: 1,
            borderDash: [1, 3],
            drawTime: 'beforeDatasetsDraw',
            label: {
              display: true,
              content: name,
              position: 'start',
              // The curves run above a floor, so its label goes below the line.
              yAdjust: isFloor ? 9 : -9,
              padding: 2,
              backgroundColor: 'transparent',
              color: palette.of('muted'),
              font: { ...axisFont(palette), weight: 'normal', style: 'italic' },
            },
          })),
        },
      },
    },
    plugins: [
      endLabels(
        lines.map(({ transport }) => transport),
        palette,
      ),
    ],
  };
  return new Chart(canvas, config);
}

function percentText(nines: number): string {
  const percent = (1 - 10 ** -nines) * 100;
  return `${percent.toFixed(nines < 1 ? 0 : Math.ceil(nines) - 1)}%`;
}

/** 1, 2 and 5 of each decade from `low` to `high`, both powers of ten. */
function roundNumbers(low: number, high: number): readonly number[] {
  const decades = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  return decades.flatMap((decade) => [1, 2, 5].map((step) => Number((step * 10 ** decade).toPrecision(3))));
}

function roundBounds(low: number, high: number): { readonly min: number; readonly max: number } {
  const candidates = roundNumbers(Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1);
  // Leaves room for text below the lowest value and above the highest.
  return {
    min: candidates.findLast((value) => value <= low / 1.25) ?? low,
    max: candidates.find((value) => value >= high * 1.15) ?? high,
  };
}

/** 1, 2 and 5 of each decade, or only the 1 if that would be too many. */
function roundTicks(min: number, max: number): readonly number[] {
  const inside = roundNumbers(Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))).filter(
    (value) => value >= min * 0.999 && value <= max * 1.001,
  );
  return max / min <= 20_000 ? inside : inside.filter((value) => Number.isInteger(Math.log10(value)));
}
