/** A reason to doubt a number. What is `invalid` never enters a comparison. `text` also says what to do. */
export type Warning<Code extends string = string> = {
  readonly code: Code;
  readonly severity: 'invalid' | 'caution';
  readonly text: string;
};

export function isInvalid({ severity }: Warning<string>): boolean {
  return severity === 'invalid';
}

/** A warning that makes what it is about invalid. */
export function doubt<Code extends string>(code: Code, text: string): Warning<Code> {
  return { code, severity: 'invalid', text };
}

/** A warning to keep in mind. */
export function caution<Code extends string>(code: Code, text: string): Warning<Code> {
  return { code, severity: 'caution', text };
}
