import { z } from 'zod';
import { count } from './plain-schema.ts';

const direction = z.strictObject({
  encodedUpdateBytes: count.describe(
    'encoded updates (down) or encoded publishes (up), each delivery counted; where they were compressed, as they travelled',
  ),
  framingBytes: count.describe(
    'everything else at the sockets, inside TLS: headers, framing, acknowledgements, empty answers',
  ),
  drainFramingBytes: count.describe('the part of framingBytes that polls after the window caused; left out of rates'),
  surplusUpdateBytes: count.describe(
    'the part of encodedUpdateBytes that polls after the window brought where an earlier one of the same interval had ' +
      'brought some, under latest; left out of rates',
  ),
  uncompressedUpdateBytes: count
    .optional()
    .describe('what encodedUpdateBytes would be without compression; only where the path has it'),
});

const packetDirection = z.strictObject({
  packets: count.describe('sent; retransmissions and acknowledgements too'),
  frameBytes: count.describe('of whole Ethernet frames without checksum, counted by the kernel at the sender'),
  headerBytes: z.int().describe('frameBytes beyond what the sockets took: Ethernet, IP, TCP, and what was sent again'),
  computedHeaderBytes: count.describe('66 for each packet, 8 more for each SYN: equal unless something was lost'),
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
    .describe('null: not measured, which takes an isolated network'),
  tls: z
    .strictObject({
      setUpUp: count,
      setUpDown: count,
      windowUp: count,
      windowDown: count,
      drainUp: count.optional().describe('the part of windowUp that polls after the window caused'),
      drainDown: count.optional().describe('the part of windowDown that polls after the window caused'),
    })
    .optional()
    .describe('what TLS adds to the bytes at the sockets, which contain it: while connecting, and in the window'),
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
