import { updatesPath } from '../../protocol/routes.ts';
import type { LoadConfig } from './crowd.ts';

/** How fast an endpoint answers clients that ask again as soon as they are answered. */
export type ClosedLoop = {
  readonly connections: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  /** Answers other than 2xx, errors and timeouts: if there are any, the figure is none of this endpoint. */
  readonly failed: number;
};

/** Enough that a server is never idle between two answers. */
const connections = 20;
const seconds = 5;

/**
 * The closed-loop ceiling of the polling endpoint with autocannon: each answer has the newest state of the first channel.
 * No open-loop load can get more answers. Undefined for transports that do not poll, and over TLS and
 * HTTP/2. Its requests have no cookie and no headers of a browser.
 */
export async function measureClosedLoop({
  transport,
  scenario,
  route,
  host,
  ports,
}: LoadConfig): Promise<ClosedLoop | undefined> {
  const polls = transport === 'short-polling' || transport === 'long-polling';
  if (!polls || route.tls !== null || route.http === 2) return undefined;
  const wait = transport === 'long-polling' ? `&wait=${scenario.holdMs}` : '';
  // Read only here: the load of a trial has no use for it.
  const { default: autocannon } = await import('autocannon');
  const { requests, errors, non2xx, duration } = await autocannon({
    url: `http://${host}:${ports[0]!}${updatesPath}?channel=0${wait}`,
    connections,
    duration: seconds,
  });
  return { connections, seconds: duration, requestsPerSecond: requests.total / duration, failed: errors + non2xx };
}
