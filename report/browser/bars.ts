import type { Chart } from 'chart.js';
import { axisFont } from './look.ts';
import type { Palette } from './palette.ts';

/** Room at the right for a number. */
export const noteSpace = 74;

/** Names at the left, no ticks: every bar carries its number. */
export function barScales(palette: Palette, largest: number) {
  return {
    x: {
      min: 0,
      // A chart of nothing but zeros still needs a width.
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
