import { type Link, type LinkName, links } from '../../network/link/links.ts';
import { type LinkConditions, plainLink } from '../../network/link/path.ts';
import { notAllowed } from '../../text/usage-error.ts';
import type { RunRequest } from '../options/run-request.ts';

/** Conditions of the link. `name` is missing if an option replaces a condition of the named link. */
export type LinkRequested = { readonly conditions: LinkConditions; readonly name?: LinkName };

/** Conditions of the named link, if there is one. Options for single conditions win over it. Throws `UsageError`. */
export function linkRequested(request: RunRequest, usualRttMs: number): LinkRequested {
  const named = request.link === undefined ? undefined : links[request.link];
  const base = named?.conditions ?? plainLink(usualRttMs);
  const { upBandwidthBitsPerSecond: _, ...symmetric } = base;
  const conditions = {
    ...(request.bandwidth === undefined ? base : symmetric),
    ...(request.rtt !== undefined && { rttMs: request.rtt }),
    ...(request.jitter !== undefined && { jitterMs: request.jitter }),
    ...(request.bandwidth !== undefined && { bandwidthBitsPerSecond: request.bandwidth }),
    ...(request.loss !== undefined && { lossShare: request.loss }),
  };
  if (named) checkRtt(named, conditions, request);
  const changed = [request.rtt, request.jitter, request.bandwidth, request.loss].some((value) => value !== undefined);
  return { conditions, ...(named && !changed && { name: named.name }) };
}

/** Refuses a round-trip time below the named link's jitter. That jitter was not typed, so the error is about --rtt. */
function checkRtt({ name }: Link, { rttMs, jitterMs }: LinkConditions, { jitter }: RunRequest): void {
  if (jitter !== undefined || jitterMs <= rttMs) return;
  const allowed = `at least ${jitterMs}ms, the jitter of ${name}, or --jitter too`;
  throw notAllowed('--rtt', `${rttMs}ms`, allowed, 'is too short');
}
