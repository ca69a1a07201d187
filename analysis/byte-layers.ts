import type { TransportAnalysis } from './assessment.ts';

/** What the bytes of a client are made of, both directions together, from the inside outwards. */
export const wireLayers = ['updates', 'framing', 'tls', 'packets'] as const;

export type WireLayer = (typeof wireLayers)[number];

/** Per client and minute, medians of the valid repeats; `undefined` where a layer was not there or not measured. */
export function wireLayersOf({
  medians,
}: Pick<TransportAnalysis, 'medians'>): Readonly<Record<WireLayer, number | undefined>> {
  return {
    updates: both(medians['bytes.down.updates'], medians['bytes.up.updates']),
    framing: both(medians['bytes.down.framing'], medians['bytes.up.framing']),
    tls: medians['bytes.tls'],
    packets: medians['bytes.packets'],
  };
}

function both(down: number | undefined, up: number | undefined): number | undefined {
  return down === undefined || up === undefined ? undefined : down + up;
}
