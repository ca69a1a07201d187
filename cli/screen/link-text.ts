import type { LinkConditions } from '../../network/link/path.ts';

/**
 * The conditions of a link, such as `160 ms round-trip time ±4 ms, 69.4 Mbit/s down, 18.4 Mbit/s up, 0.1% loss`. Leaves
 * out jitter, bandwidth and loss if the link has none.
 */
export function conditionsText(link: LinkConditions): string {
  const { rttMs, jitterMs, bandwidthBitsPerSecond, upBandwidthBitsPerSecond, lossShare } = link;
  return [
    `${rttMs === 0 ? 'no added' : `${rttMs} ms`} round-trip time${jitterMs > 0 ? ` ±${jitterMs} ms` : ''}`,
    ...(bandwidthBitsPerSecond === null ? [] : [bandwidthText(bandwidthBitsPerSecond, upBandwidthBitsPerSecond)]),
    ...(lossShare > 0 ? [`${Number((lossShare * 100).toPrecision(3))}% loss`] : []),
  ].join(', ');
}

function bandwidthText(downBitsPerSecond: number, upBitsPerSecond: number | undefined): string {
  const down = Number((downBitsPerSecond / 1e6).toPrecision(3));
  if (upBitsPerSecond === undefined) return `${down} Mbit/s`;
  return `${down} Mbit/s down, ${Number((upBitsPerSecond / 1e6).toPrecision(3))} Mbit/s up`;
}
