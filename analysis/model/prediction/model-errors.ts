/**
 * By how much the model may be off: the limits that `npm run evidence -- model` compares it with measurements by. Shares of
 * the value.
 */
export const modelErrors = {
  latency: 0.05,
  /** Instead, where that is more. */
  latencyMs: 0.5,
  requests: 0.03,
  bytes: 0.02,
} as const;
