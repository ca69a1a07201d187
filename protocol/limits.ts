/** Limits that a server enforces. */
export type Limits = {
  /** Largest publish: the body of a POST (413 beyond) or one WebSocket message from a client (close code 1009). */
  readonly publishBytes: number;
  /** Request line and headers (431 beyond). */
  readonly headerBytes: number;
  /** Open connections; further ones are closed on arrival. */
  readonly connections: number;
  /** Requests of one connection that wait for their answers; a connection with more is closed. */
  readonly openRequests: number;
  /** Largest answer to a poll; the rest comes with the next poll. At least one update is always sent. */
  readonly answerBytes: number;
  /** Longest hold for `wait=`; a longer one is cut to this. */
  readonly holdMs: number;
  /** Unsent bytes of one SSE or WebSocket reader above which it counts as slow. */
  readonly unsentBytes: number;
  /** Updates retained per channel. */
  readonly retainedUpdates: number;
  /**
   * Encoded bytes retained per channel; the newest update always stays. Each transport in use keeps its own form in
   * addition.
   */
  readonly retainedBytes: number;
};

/** Limits of a node unless a test or a trial sets others. */
export const defaultLimits: Limits = {
  publishBytes: 256 * 1024,
  headerBytes: 8 * 1024,
  connections: 100_000,
  openRequests: 100,
  answerBytes: 1024 * 1024,
  holdMs: 120_000,
  unsentBytes: 1024 * 1024,
  retainedUpdates: 4096,
  retainedBytes: 16 * 1024 * 1024,
};

/**
 * HTTP keep-alive, set on both ends. With the defaults (5 s in Node's server, 4 s in undici) polling reconnects
 * silently.
 */
export const keepAliveMs = 600_000;

/** TCP keepalive: idle time before the first probe, the same on every socket of every transport. */
export const tcpKeepAliveMs = 60_000;
