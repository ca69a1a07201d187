/**
 * By how much the model was off, at most, where it was compared with measurements: `npm run evidence -- model` holds these
 * limits, and docs/method.md has what was found. Shares of the value.
 */
export const modelErrors = {
  latency: 0.05,
  /** Instead, where that is more. */
  latencyMs: 0.5,
  requests: 0.03,
  bytes: 0.02,
} as const;
