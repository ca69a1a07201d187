import type { Chart } from 'chart.js';
import { axisFont } from './look.ts';
import type { Palette } from './palette.ts';

/** Room to the right of the bars for a number, in CSS pixels. */
export const noteSpace = 74;

/** Names on the left; no ticks, because every bar shows its number. */
export function barScales(palette: Palette, largest: number) {
  return {
    x: {
      min: 0,
      // If all values are zero, the scale still needs a width.
      max: largest > 0 ? largest : 1,
      stacked: true,
      ticks: { display: false },
      grid: { display: false },
      border: { display: false },
    },
    y: {
      stacked: true,
      ticks: { color: palette.of('ink'), font: { ...axisFont(palette), size: 13 }, crossAlign: 'far' as const },
      grid: { display: false },
      border: { color: palette.of('rule') },
    },
  };
}

export function endText({ ctx }: Chart, x: number, y: number, text: string, palette: Palette): void {
  const font = axisFont(palette);
  ctx.save();
  ctx.fillStyle = palette.of('ink');
  ctx.font = `600 ${font.size + 1}px ${font.family}`;
  ctx.textBaseline = 'middle';
  ctx.fillText(text, x + 10, y);
  ctx.restore();
}
