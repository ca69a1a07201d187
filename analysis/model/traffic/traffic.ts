import { codecs } from '../../../protocol/codec.ts';
import type { Encoding } from '../../../protocol/contract-terms.ts';
import { digitsOf } from '../../../protocol/decimal.ts';
import { packetHeaderBytes } from '../../../protocol/packet-header.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { Heads } from '../../../results/schema/calibration-schema.ts';
import type { Direction, WireLayer } from '../../figures/byte-layers.ts';
import type { Expectation } from '../freshness/conditions.ts';
import {
  acknowledgementBytes,
  base64Bytes,
  chunkBytes,
  comment,
  encodedBytes,
  eventFramingOf,
  frameHead,
  maskedHead,
  meanDigits,
  type Numbers,
  netstringBytes,
  pollDigits,
} from './message-bytes.ts';

/**
 * Bytes on the wire of one client, by layer, from what it does in a second. Each kind of event has a fixed number of
 * bytes and packets; they were derived from the protocols and from what Linux acknowledges, and hold for HTTP/1.1 without
 * compression or loss.
 */

export type Messages = {
  readonly encoding: Encoding;
  readonly payloadBytes: number;
  /** Payload of what clients publish; updates of other clients and inputs alike. */
  readonly publishBytes: number;
  readonly numbers: Numbers;
  readonly heads: Heads;
  readonly encrypted: boolean;
};

export type Traffic = Readonly<Record<Direction, Readonly<Record<WireLayer, number>>>> & {
  readonly packets: Readonly<Record<Direction, number>>;
};

/** Data of a full segment: 1500 bytes of MTU without IPv4 and TCP with timestamps. */
const segmentBytes = 1448;
/** Head, content type and tag of a record (RFC 8446, 5.2), and the data it holds at most. */
const recordOverheadBytes = 22;
const recordBytes = 16_384;

/** One kind of event: what it sends each way, and how often it comes, per client and second. */
type Event = {
  readonly perSecond: number;
  readonly down: Sent;
  readonly up: Sent;
};

/** `bare`: acknowledgements that no data carries. */
type Sent = { readonly updates: number; readonly framing: number; readonly bare: number };

const nothing: Sent = { updates: 0, framing: 0, bare: 0 };

export function trafficOf(
  transport: Transport,
  expected: Expectation,
  publishesPerSecond: number,
  messages: Messages,
): Traffic {
  const events = [...eventsOf[transport](expected, messages), publishing(transport, publishesPerSecond, messages)];
  const down = sumOf(events, 'down', { encrypted: messages.encrypted, quickShare: 0 });
  const quickShare = expected.afterSilenceShare * (transport === 'websocket' && publishesPerSecond > 0 ? 0.5 : 1);
  const up = sumOf(events, 'up', { encrypted: messages.encrypted, quickShare });
  return { down: down.layers, up: up.layers, packets: { down: down.packets, up: up.packets } };
}

const eventsOf: Readonly<Record<Transport, (expected: Expectation, messages: Messages) => readonly Event[]>> = {
  'short-polling': (expected, messages) =>
    // The client acknowledges an answer at once: it has nothing to send until the next poll.
    polls(expected, messages, { up: 1, down: 0 }, 0),
  'long-polling': (expected, messages) =>
    polls(expected, messages, { up: 0, down: serverAcks(expected.heldShare) }, '&wait='.length + 5),
  sse: ({ deliveriesPerSecond, heartbeatsPerSecond }, messages) => [
    delivery(deliveriesPerSecond, encodedOf(messages), eventFraming(messages)),
    {
      perSecond: heartbeatsPerSecond,
      down: { ...nothing, framing: chunkBytes(comment.length) },
      up: { ...nothing, bare: 1 },
    },
  ],
  websocket: ({ deliveriesPerSecond, heartbeatsPerSecond }, messages) => [
    delivery(deliveriesPerSecond, encodedOf(messages), frameHead(encodedOf(messages))),
    // Ping and pong, each acknowledged at once: neither side has other data to send with it.
    {
      perSecond: heartbeatsPerSecond,
      down: { ...nothing, framing: frameHead(0), bare: 1 },
      up: { ...nothing, framing: maskedHead(0), bare: 1 },
    },
  ],
};

/**
 * How many acknowledgements of its own the server sends for each long poll. Linux puts one off for `delayedAckMs`, so it
 * travels with an answer that comes sooner. Once it had to be sent alone, the connection counts as one-way, and requests
 * are acknowledged as soon as they are read, until an answer came in time again (`pingpong` mode, net/ipv4/tcp_timer.c
 * and tcp_output.c). With r the share of polls held longer, r of them find the connection in that state; of the others r
 * wait in vain: r + (1 − r) r.
 */
function serverAcks(heldShare: number): number {
  return heldShare * (2 - heldShare);
}

function polls(
  { requestsPerSecond, emptyShare, deliveriesPerSecond }: Expectation,
  messages: Messages,
  bare: Readonly<Record<Direction, number>>,
  waitBytes: number,
): readonly Event[] {
  const { heads, numbers } = messages;
  const up = { ...nothing, framing: heads.poll + pollDigits(numbers) + waitBytes, bare: bare.up };
  const full = requestsPerSecond * (1 - emptyShare);
  const empty: Event = {
    perSecond: requestsPerSecond * emptyShare,
    down: { ...nothing, framing: heads.emptyAnswer, bare: bare.down },
    up,
  };
  if (full === 0) return [empty];
  const encoded = encodedOf(messages);
  const netstring = netstringBytes(encoded);
  return [
    empty,
    ...updatesOfAnswers(deliveriesPerSecond / full).map(({ updates, share }) => {
      const body = Math.round(updates * (encoded + netstring));
      const head = heads.fullAnswer + contentTypeBytes(messages.encoding) + digitsOf(body);
      const down = { updates: updates * encoded, framing: head + updates * netstring, bare: bare.down };
      return { perSecond: full * share, down, up };
    }),
  ];
}

/** Beyond so many updates an answer has so many packets that it matters no more by how many it differs from the mean. */
const mostCounted = 200;

/**
 * How many updates an answer brings that brings any, with the share of such answers: a Poisson number that is not 0,
 * which packets depend on, because they are counted whole. Exact for Poisson arrivals; of others the mean alone is.
 */
function updatesOfAnswers(mean: number): readonly { readonly updates: number; readonly share: number }[] {
  if (mean <= 1 || mean > mostCounted) return [{ updates: mean, share: 1 }];
  const rate = rateOfNonZero(mean);
  const shares: { updates: number; share: number }[] = [];
  let share = Math.exp(-rate) / -Math.expm1(-rate);
  for (let updates = 1; updates < rate + 10 * Math.sqrt(rate) + 10; updates++) {
    share *= rate / updates;
    shares.push({ updates, share });
  }
  return shares;
}

/** The mean of a Poisson number, zeros included, of which those that are not 0 have the given mean: m = r / (1 − e^(−r)). */
function rateOfNonZero(mean: number): number {
  let [low, high] = [0, mean];
  for (let step = 0; step < 50; step++) {
    const rate = (low + high) / 2;
    if (rate / -Math.expm1(-rate) < mean) low = rate;
    else high = rate;
  }
  return high;
}

/** A stream's message. The client acknowledges it as soon as it is read: it has nothing to send itself. */
function delivery(perSecond: number, updates: number, framing: number): Event {
  return { perSecond, down: { updates, framing, bare: 0 }, up: { ...nothing, bare: 1 } };
}

/** A POST and its answer, or a message on the socket and its answer; the client acknowledges that at once. */
function publishing(transport: Transport, perSecond: number, messages: Messages): Event {
  const { heads, numbers } = messages;
  const encoded = encodedBytes(messages.encoding, messages.publishBytes, numbers);
  const acknowledgement = acknowledgementBytes(numbers.version);
  const isFrame = transport === 'websocket';
  const head = heads.publish + contentTypeBytes(messages.encoding) + meanDigits(numbers.clients);
  const up = isFrame ? maskedHead(encoded) : head + digitsOf(encoded);
  const down = isFrame ? frameHead(acknowledgement) : heads.publishAnswer + digitsOf(acknowledgement);
  return {
    perSecond,
    down: { ...nothing, framing: down + acknowledgement },
    up: { updates: encoded, framing: up, bare: 1 },
  };
}

/** By how much the content type is longer than that of the JSON with which heads are calibrated. */
function contentTypeBytes(encoding: Encoding): number {
  return codecs[encoding].contentType.length - codecs.json.contentType.length;
}

function encodedOf({ encoding, payloadBytes, numbers }: Messages): number {
  return encodedBytes(encoding, payloadBytes, numbers);
}

function eventFraming(messages: Messages): number {
  const encoded = encodedOf(messages);
  const written = messages.encoding === 'binary' ? base64Bytes(encoded) : encoded;
  return written - encoded + eventFramingOf(written, messages.numbers.version);
}

type Summed = { readonly layers: Readonly<Record<WireLayer, number>>; readonly packets: number };

/** `quickShare`: of the messages that this direction acknowledges, those of which each segment is acknowledged at once. */
type Counting = { readonly encrypted: boolean; readonly quickShare: number };

function sumOf(events: readonly Event[], direction: Direction, { encrypted, quickShare }: Counting): Summed {
  let [updates, framing, tls, packets] = [0, 0, 0, 0];
  for (const { perSecond, down, up } of events) {
    const [sent, received] = direction === 'down' ? [down, up] : [up, down];
    updates += perSecond * sent.updates;
    framing += perSecond * sent.framing;
    tls += perSecond * tlsBytes(sent, encrypted);
    const acknowledged = furtherAcks(packetsOf(received, encrypted), quickShare);
    packets += perSecond * (packetsOf(sent, encrypted) + sent.bare + acknowledged);
  }
  return { layers: { updates, framing, tls, packets: packets * packetHeaderBytes }, packets };
}

function tlsBytes({ updates, framing }: Sent, encrypted: boolean): number {
  return encrypted ? Math.ceil((updates + framing) / recordBytes) * recordOverheadBytes : 0;
}

function packetsOf(sent: Sent, encrypted: boolean): number {
  return Math.ceil((sent.updates + sent.framing + tlsBytes(sent, encrypted)) / segmentBytes);
}

/** Segments that Linux acknowledges one by one after a silence (TCP_MAX_QUICKACKS, net/ipv4/tcp_input.c). */
const mostQuick = 16;

/**
 * Acknowledgements of the segments of a long message before its last. The receiver reads several at a time; measured:
 * 0.06 to 0.1 for each at 33 kB. But after a silence of a retransmission timeout it acknowledges the first one by one
 * (`tcp_event_data_recv`); measured: all, of up to 8. Of a client that sends on the same connection about half are.
 */
function furtherAcks(segments: number, quickShare: number): number {
  const further = Math.max(0, segments - 1);
  const quick = Math.min(further, mostQuick - 1);
  return quickShare * (quick + 0.08 * (further - quick)) + (1 - quickShare) * 0.08 * further;
}
