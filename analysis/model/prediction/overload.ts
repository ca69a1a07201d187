import { costOf } from '../cost/cost.ts';
import { shareOf } from '../cost/work.ts';
import { utilizationOf } from '../freshness/fan-out.ts';
import type { Case, Serving } from './serving.ts';

/** What has no time left: sends to the readers of an update last until the next; a node, or a worker of a proxy, is full. */
export type Overload = 'sends' | 'node-core' | 'proxy-core';

const fullCoreMs = 1000;

/** Why nodes and workers cannot carry a load; `undefined` if they can. */
export function overloadOf({ work, size, senders }: Serving, { calibration }: Case): Overload | undefined {
  const { server, proxy } = calibration;
  if (senders.some((sender) => utilizationOf(sender) >= 1)) return 'sends';
  if (costOf(server, shareOf(work, size.nodes)) >= fullCoreMs) return 'node-core';
  return proxy && costOf(proxy, work) / size.workers >= fullCoreMs ? 'proxy-core' : undefined;
}
