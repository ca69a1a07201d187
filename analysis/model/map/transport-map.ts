import type { Transport } from '../../../protocol/transport.ts';
import type { PathCalibration } from '../../../results/schema/calibration-schema.ts';
import { atRate } from '../../../scenarios/scenario.ts';
import type { Question } from '../prediction/question.ts';
import { reasonFor } from './region-reason.ts';
import { costsWithin, type MapMeasure, mapMeasures, type TransportCost } from './transport-cost.ts';

/** A question whose answer is the cheapest transport, at one rate of updates and one tolerance. */
export type MapCell = {
  /** Updates a second in each channel. */
  readonly perSecond: number;
  readonly toleranceMs: number;
  /** By each measure; absent where no transport keeps to the tolerance. */
  readonly cheapest: Readonly<Partial<Record<MapMeasure, Transport>>>;
};

/** All cells of a transport by one measure, and why it is the cheapest in their middle. */
export type MapRegion = {
  readonly transport: Transport;
  /** The cell nearest to the middle of the region. */
  readonly middle: MapCell;
  readonly reason: string;
};

export type TransportMap = {
  readonly perSecond: readonly number[];
  readonly tolerancesMs: readonly number[];
  /** By tolerance, then by rate. */
  readonly cells: readonly (readonly MapCell[])[];
  readonly regions: Readonly<Record<MapMeasure, readonly MapRegion[]>>;
};

/** The steps of a map, from the least to the most: factors between them are equal. */
export type MapSteps = { readonly least: number; readonly most: number; readonly count: number };

/** Which transport is the cheapest for a load, by its rate and by the staleness that is tolerated. */
export function transportMap(
  question: Question,
  path: PathCalibration,
  across: { readonly perSecond: MapSteps; readonly toleranceMs: MapSteps },
): TransportMap {
  const perSecond = stepsOf(across.perSecond);
  const tolerancesMs = stepsOf(across.toleranceMs);
  const costed = tolerancesMs.map((toleranceMs) =>
    perSecond.map((rate) => costedCell(rate, toleranceMs, question, path)),
  );
  return {
    perSecond,
    tolerancesMs,
    cells: costed.map((row) => row.map(({ cell }) => cell)),
    regions: { wire: regionsOf(costed, 'wire'), cpu: regionsOf(costed, 'cpu') },
  };
}

/** The cheapest transport for a load at a rate and a tolerance. */
export function cheapestAt(
  perSecond: number,
  toleranceMs: number,
  question: Question,
  path: PathCalibration,
): MapCell['cheapest'] {
  return costedCell(perSecond, toleranceMs, question, path).cell.cheapest;
}

type CostedCell = { readonly cell: MapCell; readonly costs: readonly TransportCost[] };

function costedCell(perSecond: number, toleranceMs: number, question: Question, path: PathCalibration): CostedCell {
  const { scenario } = question;
  const asked = { ...question, toleranceMs, scenario: { ...scenario, arrivals: atRate(scenario.arrivals, perSecond) } };
  const costs = costsWithin(asked, path);
  const cheapest = Object.fromEntries(
    mapMeasures.flatMap((measure) => {
      const [first] = byCost(costs, measure);
      return first ? [[measure, first.transport]] : [];
    }),
  );
  return { cell: { perSecond, toleranceMs, cheapest }, costs };
}

function byCost(costs: readonly TransportCost[], measure: MapMeasure): readonly TransportCost[] {
  return [...costs].sort((a, b) => a[measure] - b[measure]);
}

function regionsOf(costed: readonly (readonly CostedCell[])[], measure: MapMeasure): readonly MapRegion[] {
  const placed = costed.flatMap((row, up) => row.map((each, across) => ({ ...each, up, across })));
  const found = [...new Set(placed.flatMap(({ cell }) => cell.cheapest[measure] ?? []))];
  return found.map((transport) => {
    const its = placed.filter(({ cell }) => cell.cheapest[measure] === transport);
    const [up, across] = [mean(its.map((each) => each.up)), mean(its.map((each) => each.across))];
    const distance = (each: { readonly up: number; readonly across: number }) =>
      (each.up - up) ** 2 + (each.across - across) ** 2;
    const middle = its.reduce((best, each) => (distance(each) < distance(best) ? each : best));
    const [first, second] = byCost(middle.costs, measure);
    return { transport, middle: middle.cell, reason: reasonFor(first!, second, measure) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function stepsOf({ least, most, count }: MapSteps): readonly number[] {
  return Array.from({ length: count }, (_, place) => least * (most / least) ** (place / Math.max(1, count - 1)));
}
