/** Input that is not allowed; the message is one line naming the option, the value and what is allowed. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The line for a value that is not allowed. `allowed` completes "give …"; `why` stands in front where it helps. */
export function notAllowed(
  option: string,
  value: string | number,
  allowed: string,
  why = 'is not allowed',
): UsageError {
  return new UsageError(`${option}: ${quoted(value)} ${why}; give ${allowed}`);
}

/** A value as it can stand in one line: cut, and with everything invisible written out. */
export function quoted(value: string | number): string {
  const text = String(value);
  const cut = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return cut.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}
