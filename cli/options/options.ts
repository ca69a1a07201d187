import { unknownName } from '../../text/choices.ts';
import { parseDuration } from '../../text/duration.ts';
import { notAllowed } from '../../text/usage-error.ts';

/** Turns the text of an option into its value; throws `UsageError` naming option, value and what is allowed. */
export type Parse<T> = (text: string) => T;

/** A duration with unit, in milliseconds. */
export function duration(option: string, minMs: number, maxMs: number): Parse<number> {
  return (text) => parseDuration(option, text, minMs, maxMs);
}

/** Decimal digits only: `1e3`, `0x10`, `+5` and ` 5` are more likely typing errors than intended. */
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

const bitsPerSecond = { kbit: 1e3, mbit: 1e6, gbit: 1e9 } as const;

/** A rate with unit, in bits per second. */
export function bandwidth(option: string, min: number, max: number): Parse<number> {
  return (text) => {
    const match = /^(\d{1,6}(?:\.\d{1,3})?)(kbit|mbit|gbit)$/.exec(text);
    const value = match ? Number(match[1]) * bitsPerSecond[match[2] as keyof typeof bitsPerSecond] : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw notAllowed(option, text, `a rate from ${min / 1e3}kbit to ${max / 1e9}gbit, such as 10mbit`);
    }
    return value;
  };
}

/** A percentage with its sign, as a share from 0 to 1; a bare `0` needs no sign. */
export function percentage(option: string, maxPercent: number): Parse<number> {
  return (text) => {
    const match = /^(\d{1,3}(?:\.\d{1,4})?)%$/.exec(text === '0' ? '0%' : text);
    const percent = match ? Number(match[1]) : Number.NaN;
    if (!(percent <= maxPercent)) throw notAllowed(option, text, `a percentage from 0% to ${maxPercent}%, such as 1%`);
    return percent / 100;
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

/** A seed is any short word, so that it can stand in a file name, a shell and a report without quoting. */
export function seedText(option: string): Parse<string> {
  return (text) => {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(text))
      throw notAllowed(option, text, '1 to 64 letters, digits, dots or hyphens');
    return text;
  };
}
