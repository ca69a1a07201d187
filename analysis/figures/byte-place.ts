import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { FigureKey } from './figures.ts';

/**
 * Where bytes were counted: on the wire, with TCP, IP and Ethernet, by the kernel; or at the sockets. What is compared,
 * judged and reported of a run is on the wire wherever that was counted.
 */
export type BytePlace = 'wire' | 'sockets';

/** Within a sentence: "fewer bytes [on the wire]". */
export const placeWords: Readonly<Record<BytePlace, string>> = { wire: 'on the wire', sockets: 'at the sockets' };

/** The wire if it was counted in every one of these trials. Bytes of two places are never compared. */
export function placeOf(trials: readonly CompletedTrial[]): BytePlace {
  return trials.length > 0 && trials.every(({ bytes }) => bytes.packets !== null) ? 'wire' : 'sockets';
}

/** The figures of all bytes, and of each direction, per client and minute. */
export const byteFigures = {
  wire: { both: 'bytes.wire', down: 'bytes.wire.down', up: 'bytes.wire.up' },
  sockets: { both: 'bytes.total', down: 'bytes.down', up: 'bytes.up' },
} as const satisfies Readonly<Record<BytePlace, Readonly<Record<'both' | 'down' | 'up', FigureKey>>>>;

/** The place of a figure of bytes; `undefined` for every other figure. */
export function placeOfFigure(figure: FigureKey): BytePlace | undefined {
  const isOf = (place: BytePlace) => Object.values(byteFigures[place]).some((key) => key === figure);
  return isOf('wire') ? 'wire' : isOf('sockets') ? 'sockets' : undefined;
}
