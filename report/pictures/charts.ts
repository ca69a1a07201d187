import type { Unit } from '../../analysis/figures/format.ts';
import type { TimelinePoint } from '../../analysis/figures/timeline.ts';
import type { Transport } from '../../protocol/transport.ts';

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
  /** Lower bounds of the curves, and notes that explain them. */
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

export type BytesChart = {
  readonly bars: readonly {
    readonly transport: Transport;
    /** Bytes of each of `byteLayers`, in their order; 0 where the path does not have it. */
    readonly layers: readonly number[];
    readonly total: number;
  }[];
};
