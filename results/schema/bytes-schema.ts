import { z } from 'zod';
import { count } from './plain-schema.ts';

const direction = z.strictObject({
  encodedUpdateBytes: count.describe(
    'encoded updates (down) or encoded publishes (up), counted once per delivery; the compressed size if the ' +
      'path compresses',
  ),
  framingBytes: count.describe(
    'everything else at the sockets, inside TLS: headers, framing, acknowledgements, empty answers',
  ),
  drainFramingBytes: count.describe('the part of framingBytes caused by polls after the window; excluded from rates'),
  surplusUpdateBytes: count.describe(
    'under latest, the part of encodedUpdateBytes from polls after the window if an earlier one of the same ' +
      'interval had brought some; excluded from rates',
  ),
  uncompressedUpdateBytes: count
    .optional()
    .describe('what encodedUpdateBytes would be without compression; only if the path compresses'),
});

const packetDirection = z.strictObject({
  packets: count.describe('packets sent, including retransmissions and acknowledgements'),
  frameBytes: count.describe('whole Ethernet frames without checksum, counted by the kernel at the sender'),
  headerBytes: z
    .int()
    .describe('frameBytes minus the bytes at the sockets: Ethernet, IP and TCP headers, and retransmitted data'),
  computedHeaderBytes: count.describe(
    '66 per packet and 8 more per SYN: equal to headerBytes unless something was lost',
  ),
  retransmittedSegments: count,
  lostPackets: z.int().describe('sent and never arrived'),
});

const packetStage = z.strictObject({ down: packetDirection, up: packetDirection });

/** What crossed the wire, by layer and direction, as each party counted it. */
export const bytes = z.strictObject({
  down: direction,
  up: direction,
  serverReadBytes: count,
  serverWrittenBytes: count,
  relayUpBytes: count.nullable(),
  relayDownBytes: count.nullable(),
  setUpUpBytes: count,
  setUpDownBytes: count,
  packets: z
    .strictObject({
      window: packetStage.describe('between the quiet edges around the window, drain included'),
      setUp: packetStage.describe('from the first SYN until all clients were subscribed'),
    })
    .nullable()
    .describe('null: not measured, as without an isolated network'),
  tls: z
    .strictObject({
      setUpUp: count,
      setUpDown: count,
      windowUp: count,
      windowDown: count,
      drainUp: count.optional().describe('the part of windowUp caused by polls after the window'),
      drainDown: count.optional().describe('the part of windowDown caused by polls after the window'),
    })
    .optional()
    .describe('bytes that TLS adds while connecting and in the window; the bytes at the sockets include them'),
  whole: z
    .strictObject({
      clientReadBytes: count,
      clientWrittenBytes: count,
      serverReadBytes: count,
      serverWrittenBytes: count,
      relayUpBytes: count.nullable(),
      relayDownBytes: count.nullable(),
    })
    .describe('from the first connect to the last quiet edge: both ends, and the relay between them, must agree'),
});
