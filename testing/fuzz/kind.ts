import type { Random } from '../../scenarios/random.ts';

/** One kind of input, in a process of its own. */
export type Kind = {
  readonly open: () => Promise<Target>;
};

/** What reads the inputs of a kind. */
export type Target = {
  /** Makes one input and tries it. Resolves with what went wrong; `undefined` if nothing did. */
  readonly attempt: (random: Random) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
};

/** Escape codes and other invisible characters that reach a terminal; line breaks are no fault. */
const invisible = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** What is wrong with text for a terminal without colours. */
export function terminalFault(text: string): string | undefined {
  const at = text.search(invisible);
  return at < 0 ? undefined : `unescaped in the terminal: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 20))}`;
}

/** A line of a stack trace. */
const trace = /^\s+at .*:\d+:\d+\)?$/m;

/** What is wrong with the end of a command: it must be a code that has a meaning, and say no more than it must. */
export function endFault(code: number | null, stderr: string): string | undefined {
  if (code === null || code === 1 || code > 4) return `exit code ${code}: ${stderr.slice(0, 300)}`;
  if (trace.test(stderr)) return `a stack trace: ${stderr.slice(0, 300)}`;
  if (code === 2 && !/^pvw: .+\n$/.test(stderr.split('\n').slice(-2).join('\n')))
    return `no reason: ${stderr.slice(0, 300)}`;
  return terminalFault(stderr);
}
