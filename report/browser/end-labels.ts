import type { Chart, Plugin } from 'chart.js';
import { type Transport, transportTitles } from '../../protocol/transport.ts';
import { transportStyles } from '../markup/theme.ts';
import { axisFont } from './look.ts';
import type { Palette } from './palette.ts';

const lineHeight = 17;
/** Widths: of the line that leads to a label, of the piece of dash before it, of the longest name. */
const leader = 16;
const sample = 18;
const name = 96;

/** Room to the right of the lines for their names; a narrow chart has none, there the legend above does it. */
export function labelSpace({ width }: Chart): number {
  return width < 520 ? 6 : leader + sample + 6 + name;
}

/** Writes the name of each line at its end, moved apart where lines end together. */
export function endLabels(transports: readonly Transport[], palette: Palette): Plugin<'line'> {
  return {
    id: 'endLabels',
    afterDatasetsDraw: (chart) => {
      if (labelSpace(chart) < leader) return;
      const ends = transports.map((transport, index) => {
        const point = chart.getDatasetMeta(index).data.at(-1);
        return { transport, x: point?.x ?? 0, y: point?.y ?? 0 };
      });
      const places = spread(
        ends.map(({ y }) => y),
        chart.chartArea,
      );
      for (const [index, end] of ends.entries()) drawLabel(chart, end, places[index]!, palette);
    },
  };
}

type End = { readonly transport: Transport; readonly x: number; readonly y: number };

function drawLabel({ ctx, chartArea }: Chart, { transport, x, y }: End, labelY: number, palette: Palette): void {
  const font = axisFont(palette);
  const sampleX = chartArea.right + leader;
  ctx.save();
  ctx.beginPath();
  ctx.strokeStyle = palette.of('muted');
  ctx.lineWidth = 0.75;
  ctx.moveTo(x + 2, y);
  ctx.lineTo(sampleX - 3, labelY);
  ctx.stroke();
  ctx.beginPath();
  ctx.strokeStyle = palette.of(transport);
  ctx.lineWidth = 2.25;
  ctx.setLineDash([...transportStyles[transport].dash]);
  ctx.moveTo(sampleX, labelY);
  ctx.lineTo(sampleX + sample, labelY);
  ctx.stroke();
  ctx.fillStyle = palette.of('ink');
  ctx.font = `600 ${font.size}px ${font.family}`;
  ctx.textBaseline = 'middle';
  ctx.fillText(transportTitles[transport], sampleX + sample + 6, labelY);
  ctx.restore();
}

/** Moves heights apart to at least a line's height, keeping their order and as near as that allows. */
function spread(
  heights: readonly number[],
  { top, bottom }: { readonly top: number; readonly bottom: number },
): readonly number[] {
  const order = [...heights.keys()].sort((a, b) => heights[a]! - heights[b]! || a - b);
  const placed = new Map<number, number>();
  let free = top + lineHeight / 2;
  for (const index of order) {
    const y = Math.max(free, heights[index]!);
    placed.set(index, y);
    free = y + lineHeight;
  }
  // Move labels that were pushed below the chart back up.
  let limit = bottom - lineHeight / 2;
  for (const index of order.toReversed()) {
    const y = Math.min(limit, placed.get(index)!);
    placed.set(index, y);
    limit = y - lineHeight;
  }
  return heights.map((_, index) => placed.get(index)!);
}
