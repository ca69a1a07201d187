import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clientLedger,
  edge,
  loadCounters,
  packetCounters,
  serverCounters,
  serverLedger,
} from '../../testing/by-hand/readings.ts';
import { crewOf, standIn } from '../../testing/by-hand/stand-in.ts';
import { readTraffic, sumServers, sumSockets, sumTally, takeSnapshot, trafficOf } from './snapshot.ts';

const packets = packetCounters({
  up: { packets: 10, bytes: 1_000, lost: 3, again: 5 },
  down: { packets: 20, bytes: 2_000, lost: 4, again: 6 },
});

const first = serverCounters({
  sockets: {
    readBytes: 1,
    writtenBytes: 2,
    plainReadBytes: 3,
    plainWrittenBytes: 4,
    openedSockets: 5,
    openSockets: 6,
  },
  tally: { requests: 7, emptyAnswers: 8, heartbeats: 9, slowReaders: 10 },
});
const second = serverCounters({
  sockets: {
    readBytes: 100,
    writtenBytes: 200,
    plainReadBytes: 300,
    plainWrittenBytes: 400,
    openedSockets: 500,
    openSockets: 600,
  },
  tally: { requests: 700, emptyAnswers: 800, heartbeats: 900, slowReaders: 1_000 },
});
const bothServers = {
  sockets: {
    readBytes: 101,
    writtenBytes: 202,
    plainReadBytes: 303,
    plainWrittenBytes: 404,
    openedSockets: 505,
    openSockets: 606,
  },
  tally: { requests: 707, emptyAnswers: 808, heartbeats: 909, slowReaders: 1_010 },
};

test('the counters of several servers add up, each by itself', () => {
  assert.deepEqual(sumServers([first, second]), bothServers);
  assert.deepEqual(sumServers([second, first]), bothServers);
  assert.deepEqual(sumServers([first]), first);
});

test('a counter of all load processes is its sum', () => {
  const snapshot = edge({
    loads: [
      { sockets: { readBytes: 5, writtenBytes: 70 }, tally: { requests: 2, deliveries: 30 } },
      { sockets: { readBytes: 6, writtenBytes: 80 }, tally: { requests: 9, deliveries: 50 } },
    ],
  });
  assert.deepEqual(
    [
      sumSockets(snapshot, 'readBytes'),
      sumSockets(snapshot, 'writtenBytes'),
      sumTally(snapshot, 'requests'),
      sumTally(snapshot, 'deliveries'),
    ],
    [11, 150, 11, 80],
  );
  assert.deepEqual([sumSockets(edge({}), 'readBytes'), sumTally(edge({}), 'requests')], [0, 0]);
});

test('traffic is the bytes and open connections of each process, and the packets sent and lost', () => {
  const sockets = [first.sockets, second.sockets];
  assert.deepEqual(trafficOf(sockets, undefined), [1, 2, 6, 100, 200, 600]);
  assert.deepEqual(trafficOf(sockets, packets), [1, 2, 6, 100, 200, 600, 10, 20, 3, 4]);
});

/** A machine that counts these packets, and one that counts none. */
const readAt = new Date('2026-01-01T12:00:00.250Z');
const host = { packets: () => packets, date: () => readAt };
const onLoopback = { packets: () => undefined, date: () => readAt };

const loads = [
  loadCounters({ sockets: { readBytes: 11, writtenBytes: 12, openSockets: 13 } }),
  loadCounters({ sockets: { readBytes: 21, writtenBytes: 22, openSockets: 23 } }),
] as const;
const ledgers = [
  [clientLedger({ client: 0, received: 4 }), clientLedger({ client: 1, channel: 1, received: 5 })],
  [clientLedger({ client: 2, received: 6 })],
] as const;
const relays = [
  { upBytes: 31, downBytes: 32, connections: 33 },
  { upBytes: 41, downBytes: 42, connections: 43 },
] as const;

const server = standIn('server', 'server-1', {
  counters: first,
  ledger: serverLedger([0, 0], { conflated: new Map([[2, 8]]) }),
});
const fallen = {
  member: standIn('server', 'server-2'),
  sample: { cpuUs: 0, rssBytes: 0, heapBytes: 0, externalBytes: 0, eventLoop: { idleMs: 0, activeMs: 0 }, spunMs: 0 },
  counters: second,
  ledger: serverLedger([0, 0], { conflated: new Map([[2, 70]]) }),
  exchange: [],
};
const crew = crewOf({
  servers: [server],
  backplane: standIn('backplane', 'backplane', {
    ledger: { acceptedFromSource: 17, heads: Uint32Array.of(9, 4), repeatedPublishes: 2 },
  }),
  loads: [
    standIn('load', 'load-1', { counters: loads[0], ledger: ledgers[0] }),
    standIn('load', 'load-2', { counters: loads[1], ledger: ledgers[1] }),
  ],
  relays: [standIn('relay', 'relay-1', { counters: relays[0] }), standIn('relay', 'relay-2', { counters: relays[1] })],
  fallen: [fallen],
});

test('a snapshot has the counters of every process, those of a killed server as it left them', async () => {
  assert.deepEqual(await takeSnapshot(crew, host), {
    server: bothServers,
    loads,
    relays,
    packets,
    readAt,
    books: {
      server: {
        acceptedFromSource: 17,
        heads: Uint32Array.of(9, 4),
        conflated: new Map([[2, 78]]),
        repeatedPublishes: 2,
      },
      clients: [ledgers[0][0], ledgers[0][1], ledgers[1][0]],
    },
  });
});

test('on loopback packets are not counted', async () => {
  assert.equal((await takeSnapshot(crew, onLoopback)).packets, undefined);
  assert.deepEqual(await readTraffic(crew, onLoopback), [1, 2, 6, 11, 12, 13, 21, 22, 23]);
});

test('the traffic of a crew is that of the servers that are left, of the load processes and of the network', async () => {
  assert.deepEqual(await readTraffic(crew, host), [1, 2, 6, 11, 12, 13, 21, 22, 23, 10, 20, 3, 4]);
});
