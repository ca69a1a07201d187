import { packetHeaderBytes } from '../../protocol/packet-header.ts';
import type { BytePlace } from '../figures/byte-place.ts';
import { byteFigures } from '../figures/byte-place.ts';
import { type Measured, perClientMinute, pollsOf } from '../figures/figure.ts';
import { figureOf } from '../figures/figures.ts';

/** Headers of the packets of a small exchange: the request, its answer, and the acknowledgement of that. */
const packetsOfPoll = 3 * packetHeaderBytes;

/**
 * Bytes per client and minute of short polling at a longer interval than the measured one, by theory: each poll that
 * falls away saves what asking costs by itself, the headers and framing of a request and its answer, on the wire with
 * their packets. Updates and publishes stay. An upper estimate, because rarer polls put more updates into one answer, and
 * under `latest` fetch fewer of them. It takes for granted that the connection is kept, as it was while measuring.
 * `undefined` if the trial lacks a figure, or already polled at that interval or a longer one.
 */
export function bytesAtInterval(measured: Measured, pollIntervalMs: number, place: BytePlace): number | undefined {
  const { scenario } = measured;
  const bytes = figureOf(byteFigures[place].both, measured);
  const polls = perClientMinute(measured, pollsOf(measured));
  const up = figureOf('bytes.request.up', measured);
  const down = figureOf('bytes.request.down', measured);
  if (bytes === undefined || polls === undefined || up === undefined || down === undefined) return undefined;
  if (pollIntervalMs <= scenario.pollIntervalMs) return undefined;
  const perPoll = up + down + (place === 'wire' ? packetsOfPoll : 0);
  return bytes - polls * (1 - scenario.pollIntervalMs / pollIntervalMs) * perPoll;
}
