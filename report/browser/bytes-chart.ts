import { Chart, type ChartConfiguration, type Plugin } from 'chart.js';
import { type ByteLayer, byteLayers, byteLayerTitle } from '../../analysis/figures/byte-layers.ts';
import { formatValue } from '../../analysis/figures/format.ts';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import type { BytesChart } from '../pictures/charts.ts';
import { barScales, endText, noteSpace } from './bars.ts';
import { tooltipStyle } from './look.ts';
import type { Palette } from './palette.ts';

/**
 * Bytes stacked by layer. Updates and framing have the transport's colour, full and faint, hatched for bytes to the
 * server. TLS is dark grey, packets are light grey. Layers that the path does not have are left out.
 */
export function drawBytes(canvas: HTMLCanvasElement, { bars }: BytesChart, palette: Palette): Chart {
  const config: ChartConfiguration<'bar'> = {
    type: 'bar',
    data: {
      labels: bars.map(({ transport }) => transportTitles[transport]),
      datasets: byteLayers
        .map((layer, place) => ({ layer, bytes: bars.map(({ layers }) => layers[place]!) }))
        .filter(({ bytes }) => bytes.some((each) => each > 0))
        .map(({ layer, bytes }) => ({
          label: byteLayerTitle(layer),
          data: bytes,
          backgroundColor: bars.map(({ transport }) => fillOf(layer, transport, palette)),
          maxBarThickness: 30,
        })),
    },
    options: {
      indexAxis: 'y',
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      layout: { padding: { right: noteSpace } },
      interaction: { mode: 'index', axis: 'y', intersect: false },
      scales: barScales(palette, Math.max(0, ...bars.map(({ total }) => total))),
      plugins: {
        annotation: {},
        tooltip: {
          ...tooltipStyle(palette),
          callbacks: { label: ({ dataset, parsed }) => ` ${dataset.label}: ${formatValue(parsed.x!, 'bytes')}` },
        },
      },
    },
    plugins: [totals({ bars }, palette)],
  };
  return new Chart(canvas, config);
}

function fillOf({ layer, direction }: ByteLayer, transport: Transport, palette: Palette): string | CanvasPattern {
  if (layer === 'packets') return palette.of('rule');
  if (layer === 'tls') return palette.of('muted');
  const color = layer === 'framing' ? palette.faint(transport) : palette.of(transport);
  return direction === 'up' ? hatch(color, palette.of('ground')) : color;
}

function hatch(color: string, ground: string): string | CanvasPattern {
  const tile = document.createElement('canvas');
  const size = 8;
  tile.width = size;
  tile.height = size;
  const ctx = tile.getContext('2d');
  if (!ctx) return color;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, size, size);
  ctx.strokeStyle = color;
  ctx.lineWidth = 3;
  // Three strokes, so that the pattern continues across the corners of neighbouring tiles.
  for (const shift of [-size, 0, size]) {
    ctx.beginPath();
    ctx.moveTo(shift - 1, size + 1);
    ctx.lineTo(shift + size + 1, -1);
    ctx.stroke();
  }
  return ctx.createPattern(tile, 'repeat') ?? color;
}

function totals({ bars }: BytesChart, palette: Palette): Plugin<'bar'> {
  return {
    id: 'totals',
    afterDatasetsDraw: (chart) => {
      for (const [index, { total }] of bars.entries()) {
        const y = chart.scales.y!.getPixelForValue(index);
        endText(chart, chart.scales.x!.getPixelForValue(total), y, formatValue(total, 'bytes'), palette);
      }
    },
  };
}
