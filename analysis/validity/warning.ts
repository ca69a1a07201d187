/** What can be wrong with one completed trial. */
export type TrialWarningCode =
  | 'ledger-broken'
  | 'nothing-happened'
  | 'saturated'
  | 'core-full'
  | 'source-late'
  | 'relay-late'
  | 'stalled'
  | 'rate-missed'
  | 'polls-skipped'
  | 'contradiction'
  | 'littles-law'
  | 'clock-uncertain'
  | 'noisy'
  | 'bytes-disagree'
  | 'packets-disagree'
  | 'packets-lost'
  | 'unexplained-answers'
  | 'server-unreached'
  | 'cold'
  | 'few-updates';

/** What the repeats of a run say about the machine. */
export type StabilityWarningCode = 'drift' | 'outlier' | 'unsteady';

/** What can be wrong with a run as a whole. */
export type RunWarningCode =
  | 'interrupted'
  | 'running'
  | 'failed-trials'
  | 'invalid-trials'
  | 'mistake-shown'
  | 'not-pinned';

export type WarningCode = TrialWarningCode | RunWarningCode | StabilityWarningCode;

/** A reason to doubt a number. An `invalid` trial never enters a comparison. `text` also says what to do. */
export type Warning<Code extends WarningCode = WarningCode> = {
  readonly code: Code;
  readonly severity: 'invalid' | 'caution';
  readonly text: string;
};

export type TrialWarning = Warning<TrialWarningCode>;

export function isInvalid({ severity }: Warning): boolean {
  return severity === 'invalid';
}

/** A warning that makes its subject invalid. */
export function doubt<Code extends WarningCode>(code: Code, text: string): Warning<Code> {
  return { code, severity: 'invalid', text };
}

/** A warning that leaves its subject valid. */
export function caution<Code extends WarningCode>(code: Code, text: string): Warning<Code> {
  return { code, severity: 'caution', text };
}
