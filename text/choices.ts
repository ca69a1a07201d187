import { didYouMean } from './did-you-mean.ts';
import { notAllowed } from './usage-error.ts';

/**
 * Error for an unknown name given to `option`: lists the known names and suggests the nearest. `rest` follows the list.
 */
export function unknownName(option: string, name: string, known: readonly string[], rest = '') {
  return notAllowed(option, name, `${alternatives(known)}${rest}`, `is unknown${didYouMean(name, known)}`);
}

/** Joins names for a sentence: `a`, `a or b`, `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
