import type { Transport } from '../../protocol/transport.ts';
import type { RunRecord } from '../../results/schema/schema.ts';
import { ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import type { ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { plannedLink } from '../figures/planned-scenario.ts';
import type { MapMeasure } from '../model/map/transport-cost.ts';

/** A load that was measured, on a map of transports. */
export type MapPoint = {
  readonly perSecond: number;
  /** The least that its short polling keeps to: an interval, and half a round trip. */
  readonly toleranceMs: number;
  readonly cheapest: Readonly<Partial<Record<MapMeasure, Transport>>>;
};

const figureOf = { wire: 'bytes.wire', cpu: 'cpu.serving' } as const;

/** Where the loads of a run lie on a map, if all of their transports were measured. */
export function mapPointsOf(scenarios: readonly ScenarioAnalysis[], record: RunRecord): readonly MapPoint[] {
  return scenarios.map(({ planned, transports }) => {
    const scenario = planned.scenario as Scenario;
    const cheapest = (measure: MapMeasure) => {
      const known = transports.flatMap(({ transport, medians }) => {
        const value = medians[figureOf[measure]];
        return value === undefined ? [] : [{ transport, value }];
      });
      return known.length < transports.length
        ? undefined
        : known.reduce((best, each) => (each.value < best.value ? each : best)).transport;
    };
    const [wire, cpu] = [cheapest('wire'), cheapest('cpu')];
    return {
      perSecond: ratePerSecond(scenario.arrivals),
      toleranceMs: scenario.pollIntervalMs + plannedLink(planned, record).rttMs / 2,
      cheapest: { ...(wire && { wire }), ...(cpu && { cpu }) },
    };
  });
}
