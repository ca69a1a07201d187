import { median } from 'simple-statistics';
import type { Transport } from '../protocol/transport.ts';
import type { CompletedTrial, StormRecord } from '../results/schema.ts';
import { mergeHistograms } from './histogram.ts';
import type { PathAnalysis, RunAnalysis, ScenarioAnalysis, TransportAnalysis } from './run-analysis.ts';

/** Of the clients that were cut, the share that was back after so many milliseconds. */
export type BackPoint = { readonly share: number; readonly ms: number };

/** What one transport made of being cut, over all repeats that completed: one that lost something is told, not hidden. */
export type StormRow = {
  readonly transport: Transport;
  readonly trials: readonly CompletedTrial[];
  readonly clientsCut: number;
  /** From the cut until a client was subscribed again; empty where nobody was cut. */
  readonly back: readonly BackPoint[];
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly lastMs: number | undefined;
  /** The slowest of the repeats. */
  readonly caughtUpMs: number;
  readonly missedUpdates: number;
  readonly received: number;
  readonly lost: number;
  readonly reconnects: number;
  /** To connect once, per client, medians of the repeats: what each return cost again. */
  readonly bytesToConnect: number | undefined;
  /** Of the servers over the whole window, per published update in milliseconds, median of the valid repeats. */
  readonly cpuPerUpdateMs: number | undefined;
};

/** The storm of one scenario over one path. */
export type Storm = {
  readonly scenario: ScenarioAnalysis;
  readonly route: string;
  readonly kind: StormRecord['kind'];
  readonly atMs: number;
  readonly rows: readonly StormRow[];
};

export function stormsOf({ scenarios }: RunAnalysis): readonly Storm[] {
  return scenarios.flatMap((scenario) => scenario.paths.flatMap((path) => stormOver(scenario, path)));
}

function stormOver(scenario: ScenarioAnalysis, { route, transports }: PathAnalysis): readonly Storm[] {
  const rows = transports.flatMap(({ transport, completed, medians }) => {
    const trials = completed.map(({ trial }) => trial).filter(({ storm }) => storm !== undefined);
    return trials.length > 0 ? [rowOf(transport, trials, medians)] : [];
  });
  const first = rows[0]?.trials[0]?.storm;
  return first ? [{ scenario, route, kind: first.kind, atMs: first.atMs, rows }] : [];
}

function rowOf(
  transport: Transport,
  trials: readonly CompletedTrial[],
  medians: TransportAnalysis['medians'],
): StormRow {
  const storms = trials.flatMap(({ storm }) => storm ?? []);
  const merged = mergeHistograms(storms.map(({ backMs }) => backMs));
  const at = (percentile: number) => merged && merged.getValueAtPercentile(percentile) / 1000;
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  return {
    transport,
    trials,
    clientsCut: total(storms.map(({ clientsCut }) => clientsCut)),
    back: merged ? shares.map((share) => ({ share, ms: at(share * 100)! })) : [],
    p50Ms: at(50),
    p99Ms: at(99),
    lastMs: at(100),
    caughtUpMs: Math.max(...storms.map(({ caughtUpMs }) => caughtUpMs)),
    missedUpdates: total(storms.map(({ missedUpdates }) => missedUpdates)),
    received: total(trials.map(({ ledger }) => ledger.received)),
    lost: total(trials.map(({ ledger }) => ledger.lost)),
    reconnects: median(trials.map(({ counts }) => counts.reconnects)),
    bytesToConnect: medians['bytes.setUp'],
    cpuPerUpdateMs: medians['cpu.server.update'],
  };
}

/** In steps of a fiftieth: finer than a line is drawn. */
const shares: readonly number[] = Array.from({ length: 51 }, (_, step) => step / 50);
