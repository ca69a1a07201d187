import { Chart, type ChartConfiguration, type ChartDataset } from 'chart.js';
import { formatParameter, formatValue } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import { transportStyles } from '../markup/theme.ts';
import type { TimelineChart } from '../pictures/charts.ts';
import { endLabels, labelSpace } from './end-labels.ts';
import { axisFont, tooltipStyle } from './look.ts';
import type { Palette } from './palette.ts';

type Line = TimelineChart['lines'][number];
type Edge = 'min' | 'mean' | 'max';

/** Delivery latency over the window: a line for the mean, a band from the soonest to the latest of each piece. */
export function drawTimeline(canvas: HTMLCanvasElement, { lines }: TimelineChart, palette: Palette): Chart {
  const config: ChartConfiguration<'line'> = {
    type: 'line',
    // Means come first: the line labels depend on this order.
    data: {
      datasets: [
        ...lines.map((line) => meanLine(line, palette)),
        ...lines.flatMap((line, place) => band(line, lines.length + 2 * place, palette)),
      ],
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
          max: Math.max(0, ...lines.flatMap(({ points }) => points.map(({ seconds }) => seconds))),
          title: {
            display: true,
            text: 'seconds into the window',
            color: palette.of('muted'),
            font: axisFont(palette),
          },
          ticks: { color: palette.of('muted'), font: axisFont(palette), maxRotation: 0, padding: 6 },
          grid: { color: palette.of('grid'), drawTicks: false },
          border: { display: false },
        },
        y: {
          type: 'logarithmic',
          ticks: {
            color: palette.of('muted'),
            font: axisFont(palette),
            padding: 6,
            callback: (value) => (isRound(Number(value)) ? formatParameter(Number(value), 'ms') : undefined),
          },
          grid: { color: ({ tick }) => (isRound(tick?.value) ? palette.of('grid') : 'transparent'), drawTicks: false },
          border: { display: false },
        },
      },
      plugins: {
        tooltip: {
          ...tooltipStyle(palette),
          filter: ({ datasetIndex }) => datasetIndex < lines.length,
          callbacks: {
            title: ([item]) => (item ? `${formatParameter(item.parsed.x! * 1000, 'ms')} into the window` : ''),
            label: ({ datasetIndex, dataIndex }) => ` ${rangeText(lines[datasetIndex]!, dataIndex)}`,
          },
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

function meanLine({ transport, points }: Line, palette: Palette): ChartDataset<'line'> {
  return {
    label: transportTitles[transport],
    data: points.map(({ seconds, mean }) => ({ x: seconds, y: mean })),
    borderColor: palette.of(transport),
    borderDash: [...transportStyles[transport].dash],
    borderWidth: 2.25,
    pointRadius: 0,
    pointHoverRadius: 4,
    pointBackgroundColor: palette.of(transport),
  };
}

/** Two invisible lines with what lies between them filled; `first` is the place of the lower one among all. */
function band(line: Line, first: number, palette: Palette): readonly ChartDataset<'line'>[] {
  const edge = (name: Edge): ChartDataset<'line'> => ({
    data: line.points.map((point) => ({ x: point.seconds, y: point[name] })),
    borderWidth: 0,
    pointRadius: 0,
    pointHoverRadius: 0,
  });
  return [edge('min'), { ...edge('max'), fill: first, backgroundColor: palette.veil(line.transport) }];
}

function rangeText({ transport, points }: Line, place: number): string {
  const { min, mean, max } = points[place]!;
  return `${transportTitles[transport]}: ${formatValue(mean, 'ms')} (${formatValue(min, 'ms')} to ${formatValue(max, 'ms')})`;
}

/** 1, 2 or 5 of a decade. */
function isRound(value = 0): boolean {
  const lead = Number((value / 10 ** Math.floor(Math.log10(value))).toPrecision(3));
  return [1, 2, 5].includes(lead);
}
