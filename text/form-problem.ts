import type { z } from 'zod';
import { alternatives } from './choices.ts';
import { didYouMean } from './did-you-mean.ts';
import { quoted } from './usage-error.ts';

/** Keys and indices from the top of a form to a value. A form is the data of a user's file, such as a scenario. */
export type FormPath = readonly (string | number)[];

/** An error in a form, and where it is. `key`: the field name is wrong, not its value. `text`: one line. */
export type Problem = { readonly path: FormPath; readonly key?: string; readonly text: string };

/** Thrown while reading a form. A caller that knows the file turns it into a `UsageError` with the location. */
export class BadForm extends Error {
  override readonly name = 'BadForm';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.text);
    this.problem = problem;
  }
}

/** An error for the value at `path`. `allowed` completes "give …". */
export function badValue(path: FormPath, value: unknown, allowed: string, why = 'is not allowed'): BadForm {
  const label = path.length === 0 ? '' : `${path.join('.')}: `;
  const text =
    value === undefined ? `${label}is missing; give ${allowed}` : `${label}${shown(value)} ${why}; give ${allowed}`;
  return new BadForm({ path, text });
}

/** The fields that a schema allows in the group at `path`; `group` is what the user gave there. */
export type FieldsAt = (path: FormPath, group: unknown) => readonly string[];

/**
 * The most useful problem that a schema found in `data`. Unknown fields come first: a field reported missing is often
 * present with a typing error in its name. `fieldsAt` is asked for "give …" and "did you mean".
 */
export function firstProblem(issues: readonly z.core.$ZodIssue[], data: unknown, fieldsAt: FieldsAt): BadForm {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = issue.path as FormPath;
  const value = valueAt(data, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownField(path, issue.keys[0]!, fieldsAt(path, value));
    case 'invalid_value':
      return unknownWord(path, value, issue.values.map(String));
    case 'invalid_union':
      return unknownWord(
        path,
        value,
        'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [],
      );
    default:
      return badValue(path, value, issue.message);
  }
}

function unknownField(path: FormPath, key: string, fields: readonly string[]): BadForm {
  const label = path.length === 0 ? '' : `${path.join('.')}: `;
  const text = `${label}${quoted(key)} is unknown${didYouMean(key, fields)}; give ${alternatives(fields)}`;
  return new BadForm({ path, key, text });
}

function unknownWord(path: FormPath, value: unknown, known: readonly string[]): BadForm {
  const suggestion = typeof value === 'string' ? didYouMean(value, known) : '';
  return badValue(path, value, alternatives(known), `is unknown${suggestion}`);
}

function valueAt(data: unknown, path: FormPath): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a group of fields' : quoted(String(value));
}
