import { transportTitles } from '../../protocol/transport.ts';
import { formatValue } from '../figures/format.ts';
import type { CostMeasure } from './cost-measure.ts';
import { breakEven, type FreshnessCost, type TransportPoint } from './freshness-cost.ts';

const words: Readonly<Record<CostMeasure, { readonly more: string; readonly less: string }>> = {
  // A cohort shares the wire with the others, so its packets cannot be told apart.
  bytes: { more: 'more bytes at the sockets', less: 'fewer bytes at the sockets' },
  cpu: { more: 'more server CPU', less: 'less server CPU' },
};

/** What the chart shows about one transport, as a sentence. It claims nothing beyond the measured intervals. */
export function costSentence({ polling }: FreshnessCost, point: TransportPoint, measure: CostMeasure): string {
  const name = transportTitles[point.transport];
  const [shortest, longest] = [polling[0]!, polling.at(-1)!];
  const even = breakEven(polling, point, measure);
  const staleness = formatValue(point.stalenessMs, 'ms', 2);
  const fresher = point.stalenessMs < shortest.stalenessMs;
  const lead = `${name} keeps clients ${staleness} behind`;
  if (even.kind === 'dearer') {
    const than = fresher ? 'fresher and cheaper than polling' : 'cheaper than polling';
    return `${lead}: ${than} at every interval measured, up to ${formatValue(longest.pollIntervalMs, 'ms', 2)}.`;
  }
  if (even.kind === 'cheaper') {
    return `${lead} and takes ${words[measure].more} than polling at any interval measured, from ${formatValue(shortest.pollIntervalMs, 'ms', 2)} on.`;
  }
  const interval = formatValue(even.pollIntervalMs, 'ms', 2);
  const wait = formatValue(even.stalenessMs, 'ms', 2);
  const until = fresher ? 'fresher than polling at any interval, and cheaper' : 'cheaper';
  return `${lead}: ${until} while polls are less than ${interval} apart. If being ${wait} behind on average is acceptable, polling takes ${words[measure].less}.`;
}
