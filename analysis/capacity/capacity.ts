import { type Transport, transports } from '../../protocol/transport.ts';
import type { CapacityPlan, ClosedLoopRecord } from '../../results/schema/capacity-schema.ts';
import type { Run, TrialRecord } from '../../results/schema/schema.ts';
import { ratePerSecond, type Scenario } from '../../scenarios/scenario.ts';
import { sweptAxes } from '../../scenarios/swept-axes.ts';
import { conditionalThroughput } from './classification.ts';
import { type Cause, decided, glanced, goalOf, type LoadWindow, windowMsOf, windowOf } from './objective.ts';
import {
  gridOf,
  type Measured,
  type NextStep,
  nextStep,
  type RoughBounds,
  resultBy,
  roughlyBy,
  type Search,
  type SearchResult,
} from './search.ts';
import { type ThresholdInterval, thresholdInterval } from './threshold-interval.ts';

/** One search of a transport. */
export type FoundCapacity = {
  readonly transport: Transport;
  /** From 0. */
  readonly search: number;
  readonly result: SearchResult;
  /** By the first windows at each load. */
  readonly rough: RoughBounds;
  /** By RFC 9971: what is typically delivered in time at the lower bound. */
  readonly conditional: number | undefined;
  /** Where half of the windows are bad, with a 95% interval; `undefined` if all windows were alike. */
  readonly interval: ThresholdInterval | undefined;
  /** What most bad windows at the upper bound, or at the least load, were full of; `undefined` without one. */
  readonly limit: Cause | undefined;
  /** The lowest latency in a window, at the quantile of the objective. */
  readonly bestMs: number | undefined;
  /** The busiest core of the load side in the good windows of the lower bound, at most. */
  readonly loadShare: number | undefined;
  readonly readings: readonly LoadReading[];
  /** Of a polling endpoint; `undefined` if it was not measured, or has failed. */
  readonly closedLoop: ClosedLoopRecord | undefined;
};

/** All windows of a search at one load. */
export type LoadReading = { readonly load: number; readonly windows: readonly LoadWindow[] };

const crewsOfLoad = 3;

/** The axis of a point along which the load is raised. */
export function axisOf({ over }: Pick<CapacityPlan, 'over'>): string {
  return sweptAxes[over].axis;
}

/** Loads that can be measured: whole clients, and rates of four digits. */
export function loadsOf({ over, least, most }: CapacityPlan): readonly number[] {
  return gridOf(least, most, over === 'clients' ? Math.round : (rate) => Number(rate.toPrecision(4)));
}

/** Updates a second in all channels at a load. */
export function updatesAt({ over }: Pick<CapacityPlan, 'over'>, scenario: Scenario, load: number): number {
  return (over === 'rate' ? load : ratePerSecond(scenario.arrivals)) * scenario.channels;
}

/** Milliseconds of a window at a load. */
export function windowAt(plan: CapacityPlan, scenario: Scenario, load: number): number {
  return windowMsOf(plan.objective, updatesAt(plan, scenario, load));
}

/**
 * The most windows of one crew of processes at a load: two crews do not take the same CPU, nor do two minutes, so that
 * several of them decide.
 */
export function windowsOfCrew(plan: CapacityPlan, scenario: Scenario, load: number): number {
  const { finalDurationSeconds, durationSumSeconds } = goalOf(plan.objective, updatesAt(plan, scenario, load));
  return Math.ceil(durationSumSeconds / finalDurationSeconds / crewsOfLoad);
}

/** The search of a plan, over the windows that `readingsOf` makes of records. */
export function searchOf(plan: CapacityPlan, scenario: Scenario): Search<LoadWindow> {
  const { objective } = plan;
  const updates = (load: number) => updatesAt(plan, scenario, load);
  return {
    loads: loadsOf(plan),
    decide: (load, windows) => decided(objective, updates(load), windows),
    glance: (load, windows) => glanced(objective, updates(load), windows),
  };
}

/** What a search measures next, after the records of its windows so far. */
export function stepAfter(
  plan: CapacityPlan,
  scenario: Scenario,
  records: readonly TrialRecord[],
  isOver: boolean,
): NextStep {
  const search = searchOf(plan, scenario);
  return nextStep(search, measuredBy(readingsOf(plan, scenario, records), search), isOver);
}

/** What was found by each search of a run that has ended or not, by block and transport. */
export function capacityOf({ record, trials }: Run): readonly FoundCapacity[] {
  const { capacity } = record.plan;
  const scenario = record.plan.scenarios[0]?.scenario as Scenario | undefined;
  if (!capacity || !scenario) return [];
  const blocks = [...new Set(trials.map(({ block }) => block))].sort((a, b) => a - b);
  return blocks.flatMap((search) =>
    transports.flatMap((transport) => {
      const own = trials.filter((trial) => trial.block === search && trial.transport === transport);
      return own.length === 0 ? [] : [{ transport, search, ...foundBy(capacity, scenario, own) }];
    }),
  );
}

function foundBy(
  plan: CapacityPlan,
  scenario: Scenario,
  all: readonly TrialRecord[],
): Omit<FoundCapacity, 'transport' | 'search'> {
  const records = all.filter((record) => closedLoopOf(record) === undefined);
  const readings = readingsOf(plan, scenario, records);
  const search = searchOf(plan, scenario);
  const measured = measuredBy(readings, search);
  const result = resultBy(search, measured);
  const windowsAt = (load: number | undefined) => readings.find((reading) => reading.load === load)?.windows ?? [];
  const { lower, upper } = result;
  const good = windowsAt(lower).filter(({ cause }) => cause === undefined);
  const goal = lower === undefined ? undefined : goalOf(plan.objective, updatesAt(plan, scenario, lower));
  return {
    result,
    rough: roughlyBy(search, measured),
    conditional: goal && conditionalThroughput(goal, lower!, windowsAt(lower)),
    interval: thresholdInterval(
      readings.flatMap(({ load, windows }) =>
        windows.map(({ atMs, cause }) => ({ load, at: atMs, bad: cause !== undefined })),
      ),
    ),
    limit: mostFrequent(windowsAt(upper).flatMap(({ cause }) => cause ?? [])),
    bestMs: least(readings.flatMap(({ windows }) => windows.flatMap(({ latencyMs }) => latencyMs ?? []))),
    loadShare: good.length === 0 ? undefined : Math.max(...good.map(({ loadShare }) => loadShare)),
    readings,
    closedLoop: all.flatMap((record) => closedLoopOf(record) ?? [])[0],
  };
}

function closedLoopOf(record: TrialRecord): ClosedLoopRecord | undefined {
  return record.status === 'completed' ? record.closedLoop : undefined;
}

/** By load, in the order in which they were measured at it. */
function readingsOf(plan: CapacityPlan, scenario: Scenario, records: readonly TrialRecord[]): readonly LoadReading[] {
  const axis = axisOf(plan);
  const loads = [...new Set(records.map(({ point }) => point[axis]!))].sort((a, b) => a - b);
  return loads.map((load) => ({
    load,
    windows: records
      .filter(({ point }) => point[axis] === load)
      .map((record) => windowOf(record, plan.objective, windowAt(plan, scenario, load))),
  }));
}

function measuredBy(readings: readonly LoadReading[], { loads }: Search<LoadWindow>): Measured<LoadWindow> {
  return new Map(readings.map(({ load, windows }) => [loads.indexOf(load), windows]));
}

function mostFrequent(causes: readonly Cause[]): Cause | undefined {
  const countOf = (cause: Cause) => causes.filter((each) => each === cause).length;
  return [...new Set(causes)].sort((a, b) => countOf(b) - countOf(a))[0];
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}
