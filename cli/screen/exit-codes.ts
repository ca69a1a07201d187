/** Exit codes of the command. Scripts rely on them: a number never changes its meaning. */
export const exitCodes = {
  done: 0,
  internal: 1,
  /** Usage or invalid input: one line on stderr, nothing written. */
  usage: 2,
  /** A threshold that was asked for does not hold. */
  threshold: 3,
  /** The run ended, and at least one of its trials failed or must not be believed. */
  invalid: 4,
  /** SIGINT or SIGTERM: what had finished is on disk (128 + SIGINT, as shells have it). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Through this, a verb sets the exit code of the command. */
export type End = (code: ExitCode) => void;
