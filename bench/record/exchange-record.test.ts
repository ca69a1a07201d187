import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { acceptedRows, loadFigures } from '../../testing/by-hand/readings.ts';
import { tinyScenario } from '../../testing/by-hand/tiny-trial.ts';
import { exchangeRecord } from './exchange-record.ts';

const window = { startUs: 10_000, endUs: 30_000 };
const noUpdates = acceptedRows();

const server: readonly ExchangeEvent[] = [
  { atUs: 12_000, kind: 'answer', version: null },
  { atUs: 21_500, kind: 'update', version: 7 },
  { atUs: 30_001, kind: 'update', version: 8 },
];
/** Only one load process has the watched client; the logs of the others are empty. */
const figures = [
  loadFigures({}),
  loadFigures({
    exchange: [
      { atUs: 10_000, kind: 'request', version: null },
      { atUs: 14_250, kind: 'answer', version: null },
      { atUs: 30_000, kind: 'update', version: 7 },
    ],
  }),
];

test('both sides of the exchange in order of time, up to the end of the window', () => {
  assert.deepEqual(exchangeRecord(tinyScenario(), window, server, noUpdates, figures), {
    completeMs: 20,
    events: [
      { side: 'client', kind: 'request', atMs: 0, version: null },
      { side: 'server', kind: 'answer', atMs: 2, version: null },
      { side: 'client', kind: 'answer', atMs: 4.25, version: null },
      { side: 'server', kind: 'update', atMs: 11.5, version: 7 },
      { side: 'client', kind: 'update', atMs: 20, version: 7 },
    ],
    updates: [],
    publishes: [],
  });
});

test('updates are those of the watched client’s channel, intended by the end', () => {
  // Client 0, the watched one, follows channel 0.
  const updates = acceptedRows(
    { channel: 0, version: 7, intendedUs: 11_000, acceptedUs: 11_750 },
    { channel: 1, version: 3, intendedUs: 12_000, acceptedUs: 12_500 },
    { channel: 0, version: 8, publisher: 0, intendedUs: 20_000, acceptedUs: 24_000 },
    { channel: 0, version: 9, publisher: 2, intendedUs: 30_000, acceptedUs: 31_000 },
    { channel: 0, version: 10, intendedUs: 30_001, acceptedUs: 30_002 },
  );
  assert.deepEqual(exchangeRecord(tinyScenario(), window, [], updates, []).updates, [
    { version: 7, intendedMs: 1, acceptedMs: 1.75, own: false },
    { version: 8, intendedMs: 10, acceptedMs: 14, own: true },
    { version: 9, intendedMs: 20, acceptedMs: 21, own: false },
  ]);
});

test('what the client publishes is a list of its own, not among the events', () => {
  const client: readonly ExchangeEvent[] = [
    { atUs: 11_000, kind: 'publish', sequence: 3, channel: 0, intendedUs: 10_900 },
    { atUs: 12_000, kind: 'publish', sequence: 4, channel: 2, intendedUs: 11_900 },
    { atUs: 15_000, kind: 'acknowledgement', sequence: 3 },
  ];
  const acknowledged: readonly ExchangeEvent[] = [{ atUs: 13_250, kind: 'acknowledgement', sequence: 3 }];
  const updates = acceptedRows({ channel: 0, version: 8, publisher: 0, intendedUs: 10_900, acceptedUs: 13_000 });
  const record = exchangeRecord(tinyScenario(), window, acknowledged, updates, [loadFigures({ exchange: client })]);
  assert.deepEqual(record.events, []);
  assert.deepEqual(record.updates, [{ version: 8, intendedMs: 0.9, acceptedMs: 3, own: true }]);
  assert.deepEqual(record.publishes, [
    { kind: 'update', sentMs: 1, version: 8, acceptedMs: 3, answeredMs: 3.25, acknowledgedMs: 5 },
    { kind: 'input', sentMs: 2, version: null, acceptedMs: null, answeredMs: null, acknowledgedMs: null },
  ]);
});

/** A log that is full: 400 events, 10 µs apart. */
const full = (fromUs: number): readonly ExchangeEvent[] =>
  Array.from({ length: 400 }, (_, i) => ({ atUs: fromUs + 10 * i, kind: 'update', version: i }));

test('a full log lacks later events, so both sides end there', () => {
  const updates = acceptedRows(
    { channel: 0, version: 1, intendedUs: 14_990 },
    { channel: 0, version: 2, intendedUs: 14_991 },
  );
  const later: ExchangeEvent = { atUs: 14_991, kind: 'answer', version: 5 };
  // Its last event is at 11,000 + 3,990 µs.
  const ofServer = exchangeRecord(tinyScenario(), window, full(11_000), updates, [loadFigures({ exchange: [later] })]);
  assert.deepEqual([ofServer.completeMs, ofServer.events.length], [4.99, 400]);
  assert.deepEqual(
    ofServer.updates.map(({ version }) => version),
    [1],
  );
  const ofClient = exchangeRecord(tinyScenario(), window, [later], updates, [loadFigures({ exchange: full(11_000) })]);
  assert.deepEqual([ofClient.completeMs, ofClient.events.length], [4.99, 400]);
});

test('publishes are known up to where both logs end', () => {
  const late: ExchangeEvent = { atUs: 14_991, kind: 'publish', sequence: 3, channel: 0, intendedUs: 10_900 };
  const record = exchangeRecord(tinyScenario(), window, full(11_000), noUpdates, [loadFigures({ exchange: [late] })]);
  assert.deepEqual(record.publishes, []);
});
