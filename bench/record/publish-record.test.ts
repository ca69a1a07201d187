import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeEvent } from '../../protocol/exchange.ts';
import { acceptedRows, type GivenUpdate } from '../../testing/by-hand/readings.ts';
import { type PublishLogs, publishRecord } from './publish-record.ts';

/** The window starts at 10,000 µs. The client follows channel 1; channel 5 is the inbox. */
function recordOf(logs: Partial<Omit<PublishLogs, 'updates'>> & { readonly rows?: readonly GivenUpdate[] }) {
  const { rows = [], ...rest } = logs;
  return publishRecord({
    client: [],
    server: [],
    channel: 1,
    completeUs: 90_000,
    sinceStartMs: (us) => (us - 10_000) / 1000,
    ...rest,
    updates: acceptedRows(...rows),
  });
}

const sent = (atUs: number, sequence: number, channel = 1, intendedUs = sequence * 1_000): ExchangeEvent => ({
  atUs,
  kind: 'publish',
  sequence,
  channel,
  intendedUs,
});
const acknowledged = (atUs: number, sequence: number): ExchangeEvent => ({ atUs, kind: 'acknowledgement', sequence });
const accepted = (version: number, intendedUs: number, acceptedUs: number, channel = 1): GivenUpdate => ({
  channel,
  version,
  publisher: 0,
  intendedUs,
  acceptedUs,
});

test('an update and an input, joined by channel and intended instant', () => {
  const record = recordOf({
    client: [
      { atUs: 11_000, kind: 'request', version: null },
      sent(12_000, 7),
      sent(13_000, 8, 5),
      acknowledged(34_000, 7),
      acknowledged(35_500, 8),
    ],
    server: [acknowledged(22_250, 7), acknowledged(24_000, 8)],
    rows: [
      // The same instants of another client and of another channel are not meant.
      { ...accepted(40, 7_000, 20_000), publisher: 3 },
      accepted(60, 7_000, 21_000, 2),
      accepted(41, 7_000, 22_000),
      accepted(9, 8_000, 23_500, 5),
    ],
  });
  assert.deepEqual(record, [
    { kind: 'update', sentMs: 2, version: 41, acceptedMs: 12, answeredMs: 12.25, acknowledgedMs: 24 },
    { kind: 'input', sentMs: 3, version: 9, acceptedMs: 13.5, answeredMs: 14, acknowledgedMs: 25.5 },
  ]);
});

test('what happened after the end of the logs is not known', () => {
  const logs = {
    client: [sent(12_000, 7), acknowledged(34_000, 7), sent(34_001, 8)],
    server: [acknowledged(22_250, 7)],
    rows: [accepted(41, 7_000, 22_000)],
  };
  const at = (completeUs: number) => recordOf({ ...logs, completeUs });
  const whole = { kind: 'update', sentMs: 2, version: 41, acceptedMs: 12, answeredMs: 12.25, acknowledgedMs: 24 };
  assert.deepEqual(at(34_000), [whole]);
  assert.deepEqual(at(33_999), [{ ...whole, acknowledgedMs: null }]);
  assert.deepEqual(at(22_250), [{ ...whole, acknowledgedMs: null }]);
  assert.deepEqual(at(22_249), [{ ...whole, answeredMs: null, acknowledgedMs: null }]);
  assert.deepEqual(at(22_000), [{ ...whole, answeredMs: null, acknowledgedMs: null }]);
  const onItsWay = {
    kind: 'update',
    sentMs: 2,
    version: null,
    acceptedMs: null,
    answeredMs: null,
    acknowledgedMs: null,
  };
  assert.deepEqual(at(21_999), [onItsWay]);
  assert.deepEqual(at(12_000), [onItsWay]);
  assert.deepEqual(at(11_999), []);
});

test('of several sendings, the last before it was accepted counts, and of several answers the one that arrived', () => {
  const at = (acceptedUs: number) =>
    recordOf({
      client: [sent(12_000, 7), sent(50_000, 7), acknowledged(71_000, 7)],
      server: [acknowledged(acceptedUs + 100, 7), acknowledged(60_000, 7), acknowledged(71_001, 7)],
      rows: [accepted(41, 7_000, acceptedUs)],
    }).map(({ sentMs, answeredMs, acknowledgedMs }) => [sentMs, answeredMs, acknowledgedMs]);
  // The first arrived, and only its acknowledgement was lost.
  assert.deepEqual(at(49_999), [[2, 50, 61]]);
  assert.deepEqual(at(50_000), [[40, 50, 61]]);
});

test('two publishes that were due at the same instant are accepted in the order of their sequence', () => {
  const record = recordOf({
    client: [sent(12_000, 8, 1, 7_000), sent(12_100, 7, 1, 7_000)],
    rows: [accepted(41, 7_000, 22_000), accepted(42, 7_000, 22_300)],
  });
  assert.deepEqual(
    record.map(({ sentMs, version }) => [sentMs, version]),
    [
      [2.1, 41],
      [2, 42],
    ],
  );
});

test('what was sent or answered before the logs began has no such instant', () => {
  const record = recordOf({
    client: [sent(50_000, 7), acknowledged(55_000, 7)],
    server: [acknowledged(60_000, 7)],
    rows: [accepted(41, 7_000, 49_999)],
  });
  assert.deepEqual(record, [
    { kind: 'update', sentMs: null, version: 41, acceptedMs: 39.999, answeredMs: null, acknowledgedMs: 45 },
  ]);
});
