import { median } from 'simple-statistics';
import type { CompletedTrial, PlannedScenario } from '../results/schema.ts';
import type { TransportAnalysis } from './run-analysis.ts';

/** What the bytes of a client are made of, both directions together, from the inside outwards. */
export const wireLayers = ['updates', 'framing', 'tls', 'packets'] as const;

export type WireLayer = (typeof wireLayers)[number];

/** Per client and minute, medians of the valid repeats; `undefined` where a layer was not there or not measured. */
export function wireLayersOf(
  { medians, valid }: Pick<TransportAnalysis, 'medians' | 'valid'>,
  { scenario }: PlannedScenario,
): Readonly<Record<WireLayer, number | undefined>> {
  return {
    updates: both(medians['bytes.down.updates'], medians['bytes.up.updates']),
    framing: both(medians['bytes.down.framing'], medians['bytes.up.framing']),
    tls: medianOf(valid.flatMap(({ trial }) => tlsBytes(trial, scenario.clients) ?? [])),
    packets: medians['bytes.packets'],
  };
}

function both(down: number | undefined, up: number | undefined): number | undefined {
  return down === undefined || up === undefined ? undefined : down + up;
}

function tlsBytes({ bytes, window }: CompletedTrial, clients: number): number | undefined {
  if (!bytes.tls || clients === 0 || window.durationMs === 0) return undefined;
  return ((bytes.tls.windowUp + bytes.tls.windowDown) * 60_000) / (clients * window.durationMs);
}

function medianOf(values: readonly number[]): number | undefined {
  return values.length > 0 ? median([...values]) : undefined;
}
