import { median } from 'simple-statistics';
import type { Transport } from '../../protocol/transport.ts';
import type { Measured } from '../figures/figure.ts';
import { figureOf } from '../figures/figures.ts';

/** The median delivery latency of a transport, and what its client adds to it by itself. */
export type Delivered = { readonly p50Ms: number; readonly clientWorkMs: number };

/**
 * What a client adds, in milliseconds, if two transports differ by no more than that: the difference may be that of the
 * client libraries, so it is no verdict on the transports. `undefined` if they differ by more, or where it was not
 * measured.
 */
export function withinClientWork(a: Delivered | undefined, b: Delivered | undefined): number | undefined {
  if (!a || !b) return undefined;
  const mostMs = Math.max(a.clientWorkMs, b.clientWorkMs);
  return Math.abs(a.p50Ms - b.p50Ms) <= mostMs ? mostMs : undefined;
}

/** Medians over the trials of a transport; `undefined` if none has both. */
export function deliveredBy(measured: readonly Measured[], transport: Transport): Delivered | undefined {
  const own = measured.filter(({ trial }) => trial.transport === transport);
  const latencies = own.flatMap((each) => figureOf('latency.p50', each) ?? []);
  const works = own.flatMap((each) => figureOf('latency.client', each) ?? []);
  if (latencies.length === 0 || works.length === 0) return undefined;
  return { p50Ms: median(latencies), clientWorkMs: median(works) };
}
