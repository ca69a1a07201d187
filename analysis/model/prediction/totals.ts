import { type WireLayer, wireLayers } from '../../figures/byte-layers.ts';
import type { Interval } from '../cost/interval.ts';
import type { Prediction } from './predict.ts';

/** Cores of the nodes and of a proxy. */
export function coresInAll({ serverCores, proxyCores }: Prediction): Interval {
  return added(serverCores, proxyCores);
}

/** Memory of the nodes, of a proxy, and of the kernel for both. */
export function memoryInAll({ memoryBytes, proxyMemoryBytes, kernelBytes }: Prediction): Interval {
  return added(memoryBytes, proxyMemoryBytes, { value: kernelBytes, low: kernelBytes, high: kernelBytes });
}

/** The ends are those of parts that are all low, or all high: no two of them are known to be independent. */
function added(...parts: readonly (Interval | undefined)[]): Interval {
  const of = (part: keyof Interval) => parts.reduce((sum, each) => sum + (each?.[part] ?? 0), 0);
  return { value: of('value'), low: of('low'), high: of('high') };
}

/** Which share of all bytes on the wire, both ways, each layer has. */
export function layerShares({ layers: { up, down } }: Prediction): Readonly<Record<WireLayer, number>> {
  const bytes = (layer: WireLayer) => up[layer] + down[layer];
  const all = wireLayers.reduce((sum, layer) => sum + bytes(layer), 0);
  return Object.fromEntries(wireLayers.map((layer) => [layer, bytes(layer) / all])) as Record<WireLayer, number>;
}
