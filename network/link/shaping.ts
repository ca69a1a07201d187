import type { LinkConditions } from './path.ts';

/** Enough packets for a second at 1 Gbit/s: a queue of netem's default length would lose some by itself. */
const netemQueuePackets = 100_000;
/** With a rate netem keeps packets in order under jitter; this one delays none of them noticeably. */
const unlimitedBitsPerSecond = 100e9;
/** What waits longer than this in front of a slow link is lost, as in a router with a shallow buffer. */
const queueMs = 100;
/** The kernel's clock for token buckets may be as slow as this. */
const slowestTicksPerSecond = 100;
const largestFrameBytes = 1514;

/** Delay, jitter, loss and rate of what one device sends, by the kernel's emulator. Half of the round trip is its share. */
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

/** What is on its way and, in front of a slow link, what waits `queueMs` there; netem counts both. */
function queuePackets({ rttMs, jitterMs, bandwidthBitsPerSecond }: LinkConditions): number {
  if (bandwidthBitsPerSecond === null) return netemQueuePackets;
  const heldMs = queueMs + rttMs / 2 + jitterMs / 2;
  return Math.max(2, Math.ceil(((bandwidthBitsPerSecond / 8) * heldMs) / 1000 / largestFrameBytes));
}

/** A token bucket in front of what one device sends. */
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
