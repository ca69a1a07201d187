import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptedRows, processSample, serverCounters, serverLedger } from '../../testing/by-hand/readings.ts';
import { crewOf, standIn } from '../../testing/by-hand/stand-in.ts';
import {
  acceptedUpdates,
  clientsByNode,
  clientsSeenByServer,
  countByLastVisit,
  readOrder,
  readServerLedger,
  serverExchange,
  sumByClient,
} from './order.ts';

const ofServer = serverLedger([3, 5], {
  acceptedFromSource: 8,
  repeatedPublishes: 1,
  conflated: new Map([
    [0, 2],
    [4, 10],
  ]),
});
const updatesOfServer = acceptedRows({ channel: 0, version: 3 });
const ofOrder = { acceptedFromSource: 99, heads: Uint32Array.of(40, 50), repeatedPublishes: 7 };
const updatesOfOrder = acceptedRows({ channel: 1, version: 40 }, { channel: 1, version: 41 });

const alone = crewOf({ servers: [standIn('server', 'server', { ledger: ofServer, updates: updatesOfServer })] });
const backplane = standIn('backplane', 'backplane', { ledger: ofOrder, updates: updatesOfOrder });

test('the only server gives the versions itself', async () => {
  assert.equal(await readOrder(alone), ofServer);
  assert.equal(await acceptedUpdates(alone), updatesOfServer);
  assert.deepEqual(await readServerLedger(alone), ofServer);
});

test('where there are several servers, the backplane gives the versions', async () => {
  const several = { ...alone, backplane };
  assert.equal(await readOrder(several), ofOrder);
  assert.equal(await acceptedUpdates(several), updatesOfOrder);
  assert.deepEqual(await readServerLedger(several), { ...ofOrder, conflated: ofServer.conflated });
});

const fallen = {
  member: standIn('server', 'server-3'),
  sample: processSample({}),
  counters: serverCounters({}),
  ledger: serverLedger([0, 0], { conflated: new Map([[4, 300]]) }),
  exchange: [
    { atUs: 30, kind: 'update', version: 3 },
    { atUs: 10, kind: 'request', version: null },
  ],
} as const;

test('updates that servers conflated are summed by client, killed servers included', async () => {
  const other = standIn('server', 'server-2', { ledger: serverLedger([0, 0], { conflated: new Map([[7, 5]]) }) });
  const crew = { ...alone, servers: [...alone.servers, other], backplane, fallen: [fallen] };
  assert.deepEqual(
    (await readServerLedger(crew)).conflated,
    new Map([
      [0, 2],
      [4, 310],
      [7, 5],
    ]),
  );
});

test('a client that several servers conflated has the sum', () => {
  const maps = [
    new Map([
      [1, 20],
      [2, 3],
    ]),
    new Map([[1, 400]]),
    new Map([[9, 6]]),
  ];
  assert.deepEqual(
    sumByClient(maps),
    new Map([
      [1, 420],
      [2, 3],
      [9, 6],
    ]),
  );
  assert.deepEqual(sumByClient([]), new Map());
});

test('the servers’ side of the exchange is in order of time, killed servers included', async () => {
  const first = standIn('server', 'server-1', { exchange: [{ atUs: 20, kind: 'answer', version: 1 }] });
  const second = standIn('server', 'server-2', { exchange: [{ atUs: 40, kind: 'update', version: 4 }] });
  assert.deepEqual(await serverExchange(crewOf({ servers: [second, first], fallen: [fallen] })), [
    { atUs: 10, kind: 'request', version: null },
    { atUs: 20, kind: 'answer', version: 1 },
    { atUs: 30, kind: 'update', version: 3 },
    { atUs: 40, kind: 'update', version: 4 },
  ]);
});

/** Client 1 went from the first server to the second, client 2 the other way, client 5 was at all three. */
const visits = [
  new Map([
    [0, 100],
    [1, 110],
    [2, 190],
    [5, 120],
  ]),
  new Map([
    [1, 170],
    [2, 130],
    [5, 140],
  ]),
  new Map([
    [3, 1],
    [4, 2],
    [5, 150],
    [6, 3],
  ]),
];

test('a client counts at the server that it asked last', () => {
  assert.deepEqual(countByLastVisit(visits), [2, 1, 4]);
  assert.deepEqual(countByLastVisit([new Map(), new Map([[0, 1]])]), [0, 1]);
  assert.deepEqual(countByLastVisit([]), []);
});

test('several servers are asked for their visits; a single server has all clients', async () => {
  const servers = visits.map((each, i) => standIn('server', `server-${i + 1}`, { visits: each }));
  assert.deepEqual(await clientsByNode(crewOf({ servers }), 7), [2, 1, 4]);
  assert.deepEqual(await clientsByNode(crewOf({ servers: [standIn('server', 'server')] }), 7), [7]);
});

test('a client that asked several servers was seen by each of them', async () => {
  const servers = visits.map((each, i) => standIn('server', `server-${i + 1}`, { visits: each }));
  assert.deepEqual(await clientsSeenByServer(crewOf({ servers })), [4, 3, 4]);
});
