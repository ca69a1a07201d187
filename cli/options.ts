import { isTransport, type Transport, transports } from '../protocol/transport.ts';
import { didYouMean } from './did-you-mean.ts';
import { parseDuration } from './duration.ts';
import { notAllowed } from './usage-error.ts';

/** Turns the text of an option into its value; throws `UsageError` naming option, value and what is allowed. */
export type Parse<T> = (text: string) => T;

/** A duration with unit, in milliseconds. */
export function duration(option: string, minMs: number, maxMs: number): Parse<number> {
  return (text) => parseDuration(option, text, minMs, maxMs);
}

/** Decimal digits only: `1e3`, `0x10`, `+5` and ` 5` are more often slips than wishes. */
export function wholeNumber(option: string, min: number, max: number): Parse<number> {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw notAllowed(option, text, `a whole number from ${min} to ${max}`);
    return value;
  };
}

export function decimalNumber(option: string, min: number, max: number): Parse<number> {
  return (text) => {
    const value = /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) throw notAllowed(option, text, `a number from ${min} to ${max}`);
    return value;
  };
}

/** One of a fixed set of names. */
export function oneOf<T extends string>(option: string, names: readonly T[]): Parse<T> {
  return (text) => {
    const name = names.find((candidate) => candidate === text);
    if (name === undefined) throw unknownName(option, text, names);
    return name;
  };
}

/** Names separated by commas, each once, in the order in which the transports are told. */
export function transportList(option: string): Parse<readonly Transport[]> {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !isTransport(name));
    if (unknown !== undefined) throw unknownName(option, unknown, transports, ', separated by commas');
    return transports.filter((transport) => names.includes(transport));
  };
}

/** A seed is any short word, so that it can stand in a file name, a shell and a report without quoting. */
export function seedText(option: string): Parse<string> {
  return (text) => {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(text))
      throw notAllowed(option, text, '1 to 64 letters, digits, dots or hyphens');
    return text;
  };
}

/** The line for a name that does not exist, with the one that was probably meant. */
export function unknownName(option: string, name: string, known: readonly string[], rest = '') {
  return notAllowed(option, name, `${alternatives(known)}${rest}`, `is unknown${didYouMean(name, known)}`);
}

/** `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
