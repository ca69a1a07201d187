import type { FigureKey } from '../analysis/figures.ts';
import type { Unit } from '../analysis/format.ts';
import type { TimelinePoint } from '../analysis/timeline.ts';
import type { Transport } from '../protocol/transport.ts';

/** What the script in the page draws: numbers only, worked out here. Durations in ms, sizes in bytes. */
export type ChartData = { readonly scenarios: readonly ScenarioCharts[] };

export type ScenarioCharts = {
  readonly spectrum: SpectrumChart;
  readonly timeline: TimelineChart;
  readonly stale: BarChart;
  readonly cpu: BarChart;
  readonly memory: BarChart;
  readonly bytes: BytesChart;
};

/** `[nines, ms]`: `nines` is −log10(1 − percentile). */
export type Point = readonly [nines: number, ms: number];

export type SpectrumChart = {
  readonly lines: readonly {
    readonly transport: Transport;
    readonly points: readonly Point[];
    readonly reliableNines: number;
  }[];
  /** What bounds the curves from below or explains them. */
  readonly marks: readonly Mark[];
};

/** A line across the spectrum; nothing can be sooner than a floor. */
export type Mark = { readonly name: string; readonly ms: number; readonly isFloor: boolean };

export type TimelineChart = {
  readonly lines: readonly { readonly transport: Transport; readonly points: readonly TimelinePoint[] }[];
};

export type BarChart = {
  readonly unit: Unit;
  readonly bars: readonly {
    readonly transport: Transport;
    readonly median: number;
    readonly repeats: readonly number[];
  }[];
};

/** The layers of the bytes, from the axis outwards. */
export const byteLayers = [
  'bytes.down.updates',
  'bytes.down.framing',
  'bytes.up.updates',
  'bytes.up.framing',
  'bytes.tls',
  'bytes.packets',
] as const satisfies readonly FigureKey[];

export const layerNames = [
  'updates, down',
  'framing and headers, down',
  'updates, up',
  'framing and headers, up',
  'TLS, both ways',
  'TCP, IP and Ethernet, both ways',
] as const;

export type BytesChart = {
  readonly bars: readonly {
    readonly transport: Transport;
    readonly layers: readonly number[];
    readonly total: number;
  }[];
};
