import type { CompletedTrial } from '../../results/schema/schema.ts';
import type { PlannedTrial } from '../plan/plan.ts';
import { type Snapshot, sumSockets, sumTally } from '../readings/snapshot.ts';
import { packetRecord } from './packet-record.ts';

type Bytes = CompletedTrial['bytes'];

/** The quiet edges of a trial: all clients connected, just before the window, all of the window delivered. */
export type Edges = { readonly connected: Snapshot; readonly before: Snapshot; readonly after: Snapshot };

/** Every layer of bytes, for the window and for connecting. */
export function byteRecord(trial: PlannedTrial, edges: Edges): Bytes {
  const { connected, after } = edges;
  return {
    ...windowBytes(trial, edges),
    setUpUpBytes: sumSockets(connected, 'writtenBytes'),
    setUpDownBytes: sumSockets(connected, 'readBytes'),
    packets: packetRecord(edges),
    ...(trial.route.tls && { tls: tlsRecord(edges) }),
    whole: wholeConnections(after),
  };
}

function windowBytes(
  { planned, route }: PlannedTrial,
  { before, after }: Edges,
): Omit<Bytes, 'setUpUpBytes' | 'setUpDownBytes' | 'packets' | 'tls' | 'whole'> {
  const tallied = (name: Parameters<typeof sumTally>[1]) => sumTally(after, name) - sumTally(before, name);
  // Bytes inside TLS, because TLS is a layer of its own.
  const readBytes = sumSockets(after, 'plainReadBytes') - sumSockets(before, 'plainReadBytes');
  const writtenBytes = sumSockets(after, 'plainWrittenBytes') - sumSockets(before, 'plainWrittenBytes');
  const published = tallied('publishedBytes') - tallied('savedPublishBytes');
  const uncompressed = (bytes: number) => (route.compression ? { uncompressedUpdateBytes: bytes } : {});
  return {
    down: {
      encodedUpdateBytes: tallied('updateBytes'),
      framingBytes: readBytes - tallied('updateBytes'),
      drainFramingBytes: tallied('drainDownFramingBytes'),
      surplusUpdateBytes: planned.scenario.semantics === 'latest' ? tallied('surplusUpdateBytes') : 0,
      ...uncompressed(tallied('updateBytes') + tallied('savedUpdateBytes')),
    },
    up: {
      encodedUpdateBytes: published,
      framingBytes: writtenBytes - published,
      drainFramingBytes: tallied('drainUpFramingBytes'),
      surplusUpdateBytes: 0,
      ...uncompressed(tallied('publishedBytes')),
    },
    ...ofOthers(wholeConnections(before), wholeConnections(after)),
  };
}

/** Bytes that servers and relays counted in the window; null without a relay. */
function ofOthers(
  before: Bytes['whole'],
  after: Bytes['whole'],
): Pick<Bytes, 'serverReadBytes' | 'serverWrittenBytes' | 'relayUpBytes' | 'relayDownBytes'> {
  return {
    serverReadBytes: after.serverReadBytes - before.serverReadBytes,
    serverWrittenBytes: after.serverWrittenBytes - before.serverWrittenBytes,
    relayUpBytes: between(before.relayUpBytes, after.relayUpBytes),
    relayDownBytes: between(before.relayDownBytes, after.relayDownBytes),
  };
}

function between(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

/** What TLS adds: bytes at the sockets beyond the plain text that they carry. */
function tlsRecord({ connected, before, after }: Edges): NonNullable<Bytes['tls']> {
  const down = (edge: Snapshot) => sumSockets(edge, 'readBytes') - sumSockets(edge, 'plainReadBytes');
  const up = (edge: Snapshot) => sumSockets(edge, 'writtenBytes') - sumSockets(edge, 'plainWrittenBytes');
  return {
    setUpUp: up(connected),
    setUpDown: down(connected),
    windowUp: up(after) - up(before),
    windowDown: down(after) - down(before),
    drainUp: sumTally(after, 'drainUpTlsBytes') - sumTally(before, 'drainUpTlsBytes'),
    drainDown: sumTally(after, 'drainDownTlsBytes') - sumTally(before, 'drainDownTlsBytes'),
  };
}

/** All bytes since the first connect, as each party counted them; null: no relay. */
function wholeConnections(snapshot: Snapshot): Bytes['whole'] {
  const relayed = (name: 'upBytes' | 'downBytes') =>
    snapshot.relays.length === 0 ? null : snapshot.relays.reduce((sum, relay) => sum + relay[name], 0);
  return {
    clientReadBytes: sumSockets(snapshot, 'readBytes'),
    clientWrittenBytes: sumSockets(snapshot, 'writtenBytes'),
    serverReadBytes: snapshot.server.sockets.readBytes,
    serverWrittenBytes: snapshot.server.sockets.writtenBytes,
    relayUpBytes: relayed('upBytes'),
    relayDownBytes: relayed('downBytes'),
  };
}
