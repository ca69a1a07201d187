import type { LinkConditions } from './path.ts';

/** A second of packets at 1 Gbit/s; netem's default queue would drop some. */
const netemQueuePackets = 100_000;
/** With a rate, netem keeps packets in order under jitter. This rate delays no packet noticeably. */
const unlimitedBitsPerSecond = 100e9;
/** A slow link drops packets that would wait longer than this, as a router with a shallow buffer does. */
const queueMs = 100;
/** Kernels may run the clock of token buckets this slowly. */
const slowestTicksPerSecond = 100;
const largestFrameBytes = 1514;

/**
 * `tc` command: delay, jitter, loss and rate of what a device sends, by netem. Each device takes half of the round
 * trip.
 */
export function netemCommand(device: string, link: LinkConditions): readonly string[] {
  const { rttMs, jitterMs, bandwidthBitsPerSecond, lossShare } = link;
  const rate = bandwidthBitsPerSecond ?? (jitterMs > 0 ? unlimitedBitsPerSecond : undefined);
  return [
    ...['tc', 'qdisc', 'add', 'dev', device, 'root', 'netem', 'limit', String(queuePackets(link))],
    ...['delay', us(rttMs / 2), ...(jitterMs > 0 ? [us(jitterMs / 2)] : [])],
    ...(lossShare > 0 ? ['loss', `${lossShare * 100}%`] : []),
    ...(rate === undefined ? [] : ['rate', `${Math.round(rate)}bit`]),
  ];
}

/** Packets in flight plus those that wait up to `queueMs` before a slow link; netem's limit counts both. */
function queuePackets({ rttMs, jitterMs, bandwidthBitsPerSecond }: LinkConditions): number {
  if (bandwidthBitsPerSecond === null) return netemQueuePackets;
  const heldMs = queueMs + rttMs / 2 + jitterMs / 2;
  return Math.max(2, Math.ceil(((bandwidthBitsPerSecond / 8) * heldMs) / 1000 / largestFrameBytes));
}

/** `tc` command: a token bucket that limits what a device sends. */
export function bandwidthCommand(device: string, bitsPerSecond: number): readonly string[] {
  const burstBytes = Math.max(2 * largestFrameBytes, Math.ceil(bitsPerSecond / 8 / slowestTicksPerSecond));
  return [
    ...['tc', 'qdisc', 'add', 'dev', device, 'root', 'tbf', 'rate', `${Math.round(bitsPerSecond)}bit`],
    ...['burst', String(burstBytes), 'latency', `${queueMs}ms`],
  ];
}

function us(ms: number): string {
  return `${Math.round(ms * 1000)}us`;
}
