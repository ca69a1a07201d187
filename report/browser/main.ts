import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import annotation from 'chartjs-plugin-annotation';
import type { ChartData, ScenarioCharts } from '../pictures/charts.ts';
import { drawBars } from './bar-chart.ts';
import { drawBytes } from './bytes-chart.ts';
import { setUpCostOverlay } from './cost-overlay.ts';
import { setUpDownloads } from './downloads.ts';
import { setUpFigureTable } from './figure-table.ts';
import { currentPalette, type Palette } from './palette.ts';
import { setUpReference } from './reference-switch.ts';
import { drawSpectrum } from './spectrum-chart.ts';
import { setUpTheme } from './theme-button.ts';
import { drawTimeline } from './timeline-chart.ts';
import { setUpNumbers } from './your-numbers.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  annotation,
);

type Draw = (canvas: HTMLCanvasElement, charts: ScenarioCharts, palette: Palette) => Chart;

const drawers: Readonly<Record<keyof ScenarioCharts, Draw>> = {
  spectrum: (canvas, { spectrum }, palette) => drawSpectrum(canvas, spectrum, palette),
  timeline: (canvas, { timeline }, palette) => drawTimeline(canvas, timeline, palette),
  stale: (canvas, { stale }, palette) => drawBars(canvas, stale, palette),
  cpu: (canvas, { cpu }, palette) => drawBars(canvas, cpu, palette),
  memory: (canvas, { memory }, palette) => drawBars(canvas, memory, palette),
  bytes: (canvas, { bytes }, palette) => drawBytes(canvas, bytes, palette),
};

const data = JSON.parse(document.querySelector('#data')?.textContent ?? '{"scenarios":[]}') as ChartData;
let drawn: readonly Chart[] = [];

/** Also called when the theme changes, because a canvas keeps the colours it was drawn in. */
function drawAll(): void {
  for (const chart of drawn) chart.destroy();
  const palette = currentPalette();
  drawn = [...document.querySelectorAll<HTMLCanvasElement>('canvas[data-chart]')].flatMap((canvas) => {
    const charts = data.scenarios[Number(canvas.dataset.scenario)];
    const kind = canvas.dataset.chart as keyof ScenarioCharts;
    return charts ? [drawers[kind](canvas, charts, palette)] : [];
  });
}

// Tables start open so that they can be read without scripts. With scripts, the charts come first.
for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-folded]')) details.open = false;
document.documentElement.classList.add('scripted');
setUpTheme(drawAll);
setUpReference();
setUpFigureTable();
setUpDownloads();
setUpNumbers(setUpCostOverlay());
drawAll();
document.documentElement.dataset.drawn = String(drawn.length);
