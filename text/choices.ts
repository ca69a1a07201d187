import { didYouMean } from './did-you-mean.ts';
import { notAllowed } from './usage-error.ts';

/** The line for a name that does not exist, with the one that was probably meant. */
export function unknownName(option: string, name: string, known: readonly string[], rest = '') {
  return notAllowed(option, name, `${alternatives(known)}${rest}`, `is unknown${didYouMean(name, known)}`);
}

/** `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
