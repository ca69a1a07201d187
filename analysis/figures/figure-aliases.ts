import { type BytePlace, byteFigures } from './byte-place.ts';
import { type FigureKey, figureKeys } from './figures.ts';

/** A figure as it is typed. `bytes` are those on the wire where they were counted, else those at the sockets. */
export type FigureName = FigureKey | 'bytes';

export function figureAt(name: FigureName, place: BytePlace): FigureKey {
  return name === 'bytes' ? byteFigures[place].both : name;
}

/**
 * Earlier names of figures, accepted wherever a figure is typed. Today `server` is a single node, and `serving` is all
 * that serves together.
 */
export const figureAliases = {
  'cpu.server': 'cpu.serving',
  'cpu.server.update': 'cpu.serving.update',
  'cpu.server.delivery': 'cpu.serving.delivery',
  'cpu.server.client': 'cpu.serving.client',
  'cpu.server.setUp': 'cpu.serving.setUp',
} as const satisfies Readonly<Record<string, FigureKey>>;

/** The figure with this name, current or earlier; `undefined` for any other text. */
export function figureNamed(name: string): FigureName | undefined {
  if (name === 'bytes') return name;
  const alias = Object.entries(figureAliases).find(([earlier]) => earlier === name);
  return alias ? alias[1] : figureKeys.find((key) => key === name);
}
