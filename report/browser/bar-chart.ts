import { Chart, type ChartConfiguration, type Plugin } from 'chart.js';
import { formatValue } from '../../analysis/figures/format.ts';
import { transportTitles } from '../../protocol/transport.ts';
import type { BarChart } from '../pictures/charts.ts';
import { barScales, endText, noteSpace } from './bars.ts';
import { tooltipStyle } from './look.ts';
import type { Palette } from './palette.ts';

/** One bar per transport: the median, each repeat as a dot, and the number at the end. */
export function drawBars(canvas: HTMLCanvasElement, { bars, unit }: BarChart, palette: Palette): Chart {
  const config: ChartConfiguration<'bar'> = {
    type: 'bar',
    data: {
      labels: bars.map(({ transport }) => transportTitles[transport]),
      datasets: [
        {
          data: bars.map(({ median }) => median),
          backgroundColor: bars.map(({ transport }) => palette.of(transport)),
          maxBarThickness: 20,
        },
      ],
    },
    options: {
      indexAxis: 'y',
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { right: noteSpace } },
      scales: barScales(palette, Math.max(0, ...bars.flatMap(({ median, repeats }) => [median, ...repeats]))),
      plugins: {
        annotation: {},
        tooltip: {
          ...tooltipStyle(palette),
          displayColors: false,
          callbacks: {
            label: ({ dataIndex }) => `median ${formatValue(bars[dataIndex]!.median, unit)}`,
            afterLabel: ({ dataIndex }) => {
              const { repeats } = bars[dataIndex]!;
              return repeats.length > 1 ? `repeats ${repeats.map((value) => formatValue(value, unit)).join(', ')}` : '';
            },
          },
        },
      },
    },
    plugins: [repeatDots({ bars, unit }, palette)],
  };
  return new Chart(canvas, config);
}

function repeatDots({ bars, unit }: BarChart, palette: Palette): Plugin<'bar'> {
  return {
    id: 'repeatDots',
    afterDatasetsDraw: (chart) => {
      const x = chart.scales.x!;
      for (const [index, { median, repeats }] of bars.entries()) {
        const y = chart.getDatasetMeta(0).data[index]!.y;
        const dots = repeats.length > 1 ? repeats.map((value) => x.getPixelForValue(value)) : [];
        for (const at of dots) drawDot(chart.ctx, at, y, palette);
        endText(chart, Math.max(x.getPixelForValue(median), ...dots), y, formatValue(median, unit), palette);
      }
    },
  };
}

function drawDot(ctx: CanvasRenderingContext2D, x: number, y: number, palette: Palette): void {
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
  ctx.fillStyle = palette.of('ink');
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = palette.of('ground');
  ctx.stroke();
  ctx.restore();
}
