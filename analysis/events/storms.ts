import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, StormRecord } from '../../results/schema/schema.ts';
import type { RunAnalysis, ScenarioAnalysis } from '../comparison/run-analysis.ts';
import { mergeHistograms } from '../figures/histogram.ts';
import type { PathAnalysis, TransportAnalysis } from '../validity/assessment.ts';

/** A share of the clients that came back, and the milliseconds after which it was back. */
export type BackPoint = { readonly share: number; readonly ms: number };

/** The effect on one transport, over all completed repeats, including those that lost updates. */
export type StormRow = {
  readonly transport: Transport;
  readonly trials: readonly CompletedTrial[];
  /** All clients over the repeats; a killed server holds only some of them. */
  readonly clients: number;
  readonly clientsCut: number;
  /** From the end of a client's connection until it was subscribed again; empty if no client came back. */
  readonly back: readonly BackPoint[];
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly lastMs: number | undefined;
  /** Clients that were cut and not subscribed again when their trial ended. */
  readonly neverBack: number;
  /** The slowest of the repeats; undefined if no client was cut, or if some client never caught up. */
  readonly caughtUpMs: number | undefined;
  /** Clients that were cut and never caught up. */
  readonly behind: number;
  readonly missedUpdates: number;
  readonly received: number;
  readonly lost: number;
  /**
   * Connections opened by the clients, in the window and the drain, failed attempts included; undefined in records of
   * earlier versions.
   */
  readonly connectionsMade: number | undefined;
  /**
   * Bytes of a client's first connection, median of the valid repeats. The bytes of each return are not measured
   * separately.
   */
  readonly bytesToConnect: number | undefined;
  /** CPU milliseconds of all that serves over the whole window, per published update, median of the valid repeats. */
  readonly cpuPerUpdateMs: number | undefined;
};

/** Trials with a planned storm that failed. */
export type FailedStorms = { readonly transport: Transport; readonly failed: number; readonly planned: number };

/** The storm of one scenario over one path. */
export type Storm = {
  readonly scenario: ScenarioAnalysis;
  readonly route: string;
  readonly kind: StormRecord['kind'];
  /** Milliseconds from the start of the window, median; undefined if no trial completed. */
  readonly atMs: number | undefined;
  /** Transports with a completed trial. */
  readonly rows: readonly StormRow[];
  readonly failures: readonly FailedStorms[];
};

/** The storms of a run, one for each scenario and path; empty if it had none. */
export function stormsOf(analysis: RunAnalysis): readonly Storm[] {
  return analysis.scenarios.flatMap((scenario) =>
    scenario.paths.flatMap((path) => stormOver(scenario, path, analysis.run.record.plan.storm)),
  );
}

function stormOver(
  scenario: ScenarioAnalysis,
  { route, transports }: PathAnalysis,
  planned: StormRecord['kind'] | undefined,
): readonly Storm[] {
  const rows = transports.flatMap((row) => rowOf(row, scenario));
  const storms = rows.flatMap(({ trials }) => trials.flatMap(({ storm }) => storm ?? []));
  const kind = planned ?? storms[0]?.kind;
  const failures = transports.flatMap((row) =>
    row.failed.length > 0 ? [{ transport: row.transport, failed: row.failed.length, planned: row.planned }] : [],
  );
  if (kind === undefined || rows.length + failures.length === 0) return [];
  const atMs = storms.length > 0 ? median(storms.map((storm) => storm.atMs)) : undefined;
  return [{ scenario, route, kind, atMs, rows, failures }];
}

function rowOf(
  { transport, completed, medians }: TransportAnalysis,
  { planned }: ScenarioAnalysis,
): readonly StormRow[] {
  const trials = completed.map(({ trial }) => trial).filter(({ storm }) => storm !== undefined);
  if (trials.length === 0) return [];
  const storms = trials.flatMap(({ storm }) => storm ?? []);
  const made = allKnown(storms.map(({ connectionsMade }) => connectionsMade));
  return [
    {
      transport,
      trials,
      clients: planned.scenario.clients * trials.length,
      ...returns(storms),
      missedUpdates: total(storms.map(({ missedUpdates }) => missedUpdates)),
      received: total(trials.map(({ ledger }) => ledger.received)),
      lost: total(trials.map(({ ledger }) => ledger.lost)),
      connectionsMade: made && total(made),
      bytesToConnect: medians['bytes.setUp'],
      cpuPerUpdateMs: medians['cpu.serving.update'],
    },
  ];
}

type Returns = Pick<
  StormRow,
  'clientsCut' | 'back' | 'p50Ms' | 'p99Ms' | 'lastMs' | 'neverBack' | 'caughtUpMs' | 'behind'
>;

function returns(storms: readonly StormRecord[]): Returns {
  const merged = mergeHistograms(storms.map(({ backMs }) => backMs));
  const at = (percentile: number) => merged && merged.getValueAtPercentile(percentile) / 1000;
  const clientsCut = total(storms.map((storm) => storm.clientsCut));
  const cut = storms.filter((storm) => storm.clientsCut > 0);
  const caughtUpMs = allKnown(cut.map((storm) => storm.caughtUpMs)) ?? [];
  return {
    clientsCut,
    back: merged ? shares.map((share) => ({ share, ms: at(share * 100)! })) : [],
    p50Ms: at(50),
    p99Ms: at(99),
    lastMs: at(100),
    neverBack: clientsCut - total(storms.map(({ backMs }) => backMs.count)),
    caughtUpMs: caughtUpMs.length > 0 ? Math.max(...caughtUpMs) : undefined,
    behind: total(storms.map(({ clientsBehind }) => clientsBehind ?? 0)),
  };
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function allKnown(values: readonly (number | null | undefined)[]): readonly number[] | undefined {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === values.length ? known : undefined;
}

/** In steps of 2%, finer than the line is drawn. */
const shares: readonly number[] = Array.from({ length: 51 }, (_, step) => step / 50);
