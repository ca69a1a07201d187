/** The layers of a client's bytes, from the inside outwards. */
export const wireLayers = ['updates', 'framing', 'tls', 'packets'] as const;

export type WireLayer = (typeof wireLayers)[number];

export const layerTitles: Readonly<Record<WireLayer, string>> = {
  updates: 'updates',
  framing: 'framing and headers',
  tls: 'TLS',
  packets: 'TCP, IP and Ethernet',
};

export type Direction = 'down' | 'up';

/** One part of the bytes with a figure of its own: a layer in one direction, or in both together. */
export type ByteLayer = { readonly figure: string; readonly layer: WireLayer; readonly direction: Direction | 'both' };

/**
 * Every part once, in the order in which a chart stacks them from its axis outwards. Together they are all bytes that
 * were counted.
 */
export const byteLayers = [
  { figure: 'bytes.down.updates', layer: 'updates', direction: 'down' },
  { figure: 'bytes.down.framing', layer: 'framing', direction: 'down' },
  { figure: 'bytes.up.updates', layer: 'updates', direction: 'up' },
  { figure: 'bytes.up.framing', layer: 'framing', direction: 'up' },
  { figure: 'bytes.tls', layer: 'tls', direction: 'both' },
  { figure: 'bytes.packets', layer: 'packets', direction: 'both' },
] as const satisfies readonly ByteLayer[];

const directionWords = { down: 'down', up: 'up', both: 'both ways' } as const;

/** `framing and headers, up`. */
export function byteLayerTitle({ layer, direction }: ByteLayer): string {
  return `${layerTitles[layer]}, ${directionWords[direction]}`;
}

type LayerMedians = Readonly<Partial<Record<(typeof byteLayers)[number]['figure'], number | undefined>>>;

/**
 * Bytes of each layer per client and minute, both directions together; `undefined` if a layer was absent or not
 * measured.
 */
export function wireLayersOf(medians: LayerMedians): Readonly<Record<WireLayer, number | undefined>> {
  const bytesOf = (wanted: WireLayer) =>
    total(byteLayers.filter(({ layer }) => layer === wanted).map(({ figure }) => medians[figure]));
  return {
    updates: bytesOf('updates'),
    framing: bytesOf('framing'),
    tls: bytesOf('tls'),
    packets: bytesOf('packets'),
  };
}

/** The sum; `undefined` if any part is. */
function total(parts: readonly (number | undefined)[]): number | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.reduce((sum, part) => sum + part, 0) : undefined;
}
