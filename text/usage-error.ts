/**
 * Input that is not allowed. The message is one line: the option, the value and what is allowed. The command exits with
 * 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Error for a value that is not allowed: `option: "value" why; give allowed`. `why` defaults to "is not allowed". */
export function notAllowed(
  option: string,
  value: string | number,
  allowed: string,
  why = 'is not allowed',
): UsageError {
  return new UsageError(`${option}: ${quoted(value)} ${why}; give ${allowed}`);
}

/** Quotes a value for a one-line message: at most 60 characters, invisible characters escaped as `\uXXXX`. */
export function quoted(value: string | number): string {
  const text = String(value);
  const cut = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return cut.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
