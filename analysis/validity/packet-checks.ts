import type { CompletedTrial } from '../../results/schema/schema.ts';
import { sum } from '../figures/figure.ts';
import { formatValue } from '../figures/format.ts';
import { limits } from './limits.ts';
import { caution, type Warning } from './warning.ts';

/**
 * Compares the header bytes that the kernel counted with those worked out from the number of packets. Without losses
 * both must be equal, so any difference is a fault of pvw. Stages with losses are skipped, because the sum leaves out
 * retransmitted data and the acknowledgements about it.
 */
export function checkPackets({ bytes: { packets } }: CompletedTrial): Warning<'packets-disagree'> | undefined {
  const stages = packets ? [packets.window, packets.setUp].map((stage) => Object.values(stage)) : [];
  const faulty = stages
    .filter((stage) => stage.every((each) => each.retransmittedSegments === 0 && each.lostPackets === 0))
    .flat()
    .filter(({ headerBytes, computedHeaderBytes }) => headerBytes !== computedHeaderBytes);
  if (faulty.length === 0) return undefined;
  const { headerBytes, computedHeaderBytes } = faulty[0]!;
  return caution(
    'packets-disagree',
    `Headers of packets came to ${headerBytes} bytes, worked out from their number ${computedHeaderBytes}: a fault of pvw. Report it.`,
  );
}

/** Warns of retransmissions, unless packet loss was asked for. */
export function checkLosses({ path, bytes: { packets } }: CompletedTrial): Warning<'packets-lost'> | undefined {
  if (!packets || path.lossShare > 0) return undefined;
  const directions = Object.values(packets.window);
  const sent = sum(directions.map((each) => each.packets));
  const again = sum(directions.map((each) => each.retransmittedSegments));
  if (again <= limits.retransmitted * sent) return undefined;
  const share = formatValue(again / sent, 'share', 2);
  return caution('packets-lost', `${share} of the packets went twice: a queue overflowed. Lower the rate.`);
}
