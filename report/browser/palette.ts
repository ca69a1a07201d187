import type { Transport } from '../../protocol/transport.ts';
import type { Surface } from '../markup/theme.ts';

/** The colours of the theme that is shown now, as canvas wants them. */
export type Palette = {
  readonly of: (name: Transport | Surface) => string;
  /** The same colour, mostly ground. */
  readonly faint: (name: Transport) => string;
  /** Hardly there: other things are seen through it. */
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
