import { expectedCost } from '../cost/cost.ts';
import type { Interval } from '../cost/interval.ts';
import { servedAt } from '../cost/pace.ts';
import { shareOf } from '../cost/work.ts';
import type { Size } from './senders.ts';
import { type Case, type Serving, servedBy, servingOf } from './serving.ts';

/** What follows from an end of the interval of CPU. */
type End = {
  /** With costs that are those of the end. */
  readonly asked: Case;
  /** By as many nodes and workers. */
  readonly serving: Serving;
  /** How many would have room. */
  readonly fitting: Size;
};

export type Ends = { readonly low: End; readonly high: End };

/** The same question if serving is as cheap and as costly as its 95% interval says, and connecting with it. */
export function endsOf(serving: Serving, asked: Case): Ends {
  return { low: endOf('low', serving, asked), high: endOf('high', serving, asked) };
}

function endOf(end: 'low' | 'high', { work, size }: Serving, asked: Case): End {
  const { server, proxy } = asked.calibration;
  const times = {
    server: timesOf(end, expectedCost(server, shareOf(work, size.nodes))),
    proxy: proxy ? timesOf(end, expectedCost(proxy, work)) : 1,
  };
  const costly = { ...asked, calibration: servedAt(asked.calibration, times) };
  return { asked: costly, serving: servedBy(size, costly), fitting: servingOf(costly).size };
}

function timesOf(end: 'low' | 'high', cost: Interval): number {
  return cost.value === 0 ? 1 : cost[end] / cost.value;
}
