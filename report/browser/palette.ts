import type { Transport } from '../../protocol/transport.ts';
import type { Surface } from '../markup/theme.ts';

/** The colours of the current theme as CSS colours for a canvas. */
export type Palette = {
  readonly of: (name: Transport | Surface) => string;
  /** The transport's colour at 40% opacity. */
  readonly faint: (name: Transport) => string;
  /** The transport's colour at 13% opacity, for areas that overlap. */
  readonly veil: (name: Transport) => string;
  readonly fontFamily: string;
};

export function currentPalette(): Palette {
  const root = getComputedStyle(document.documentElement);
  const of = (name: string) => root.getPropertyValue(`--${name}`).trim();
  return {
    of,
    faint: (name) => `${of(name)}66`,
    veil: (name) => `${of(name)}22`,
    fontFamily: getComputedStyle(document.body).fontFamily,
  };
}
