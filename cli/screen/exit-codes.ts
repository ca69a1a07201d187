/** Exit codes of the command. Scripts rely on them: a number never changes its meaning. */
export const exitCodes = {
  done: 0,
  internal: 1,
  /** Wrong usage, invalid input or an export that cannot be written: one line on stderr says which. */
  usage: 2,
  /** A condition of `--threshold` or `--fail-on` failed, also because nothing valid was measured for it. */
  threshold: 3,
  /**
   * The run ended, and at least one of its trials failed or is invalid, other than by a deliberate mistake. No threshold
   * failed.
   */
  invalid: 4,
  /** SIGINT, SIGTERM, SIGHUP or SIGQUIT: finished trials are on disk. The number is 128 + SIGINT, as in shells. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A verb calls this to set the exit code of the command. */
export type End = (code: ExitCode) => void;
