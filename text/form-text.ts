import { z } from 'zod';
import { plainText } from './plain-text.ts';

/** Turns runs of white space into one space, as folded YAML text does. Non-breaking spaces stay. */
export function onOneLine(text: string): string {
  return text.replace(/[^\S\u00a0]+/g, ' ').trim();
}

/**
 * Schema of a text that people will read: it is not changed, and safe to print when it is put on one line. The message
 * completes "give …"; `what` follows the number of characters.
 */
export function readableText(max: number, what = '') {
  const error = `1 to ${max} characters${what}, without control characters or marks that hide or reorder text`;
  return z
    .string({ error })
    .min(1, { error, abort: true })
    .max(max, { error, abort: true })
    .refine((value) => onOneLine(value) !== '' && plainText(onOneLine(value)) === onOneLine(value), { error });
}
