import autocannon from 'autocannon';
import { clockSince, newEpoch } from '../../machine/process/clock.ts';
import { defaultLimits } from '../../protocol/limits.ts';
import { scenarioFields } from '../../scenarios/fields.ts';
import { startNode } from '../../servers/main/node.ts';
import type { Evidence } from './evidence.ts';

// With a rate, autocannon corrects latencies in the wrong unit and sends bursts. Its closed loop measures well.
const seconds = 5;

/** Closed-loop throughput of the polling endpoint: an upper bound that no scenario should come near. */
export const ceilingEvidence: Evidence = {
  summary: 'closed-loop ceiling of the short-polling endpoint, with autocannon, in one process',
  measure: async (say) => {
    const node = await startNode({
      channels: 1,
      encoding: 'json',
      semantics: 'every',
      echo: true,
      heartbeatMs: scenarioFields.heartbeatMs.default,
      limits: defaultLimits,
      clock: clockSince(newEpoch()),
    });
    const run = async (query: string) => {
      const url = `http://127.0.0.1:${node.port}/updates?channel=0${query}`;
      const { requests, errors, non2xx } = await autocannon({ url, connections: 20, duration: seconds });
      say(`${query}: ${requests.average} requests/s, ${errors} errors`);
      return { perSecond: requests.average, failed: errors + non2xx };
    };
    node.context.stream.accept({
      channel: 0,
      intendedUs: 0,
      payload: Buffer.from(`"${'x'.repeat(118)}"`),
      publisher: -1,
    });
    const [empty, full] = [await run('&after=1'), await run('&after=0')];
    await node.close();
    return [
      {
        claim: 'the short-polling endpoint answers everything it is asked, closed loop, 20 connections',
        found: `${Math.round(empty.perSecond)} empty and ${Math.round(full.perSecond)} one-update answers a second, load and server in one process`,
        holds: empty.failed + full.failed === 0 && empty.perSecond > 0 && full.perSecond > 0,
      },
    ];
  },
};
