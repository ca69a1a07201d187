import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directRoute } from '../../network/route/route.ts';
import { edge, packetCounters } from '../../testing/by-hand/readings.ts';
import { tinyPlanned, tinyScenario, tinyTrial } from '../../testing/by-hand/tiny-trial.ts';
import { byteRecord, type Edges } from './byte-record.ts';

/**
 * Two load processes over TLS. Bytes at the sockets are read and written, those inside TLS `plain…`. No two differences
 * are equal, and load 1 never has what load 2 has.
 */
const edges: Edges = {
  connected: edge({
    loads: [
      { sockets: { readBytes: 5_000, writtenBytes: 3_000, plainReadBytes: 2_500, plainWrittenBytes: 1_400 } },
      { sockets: { readBytes: 700, writtenBytes: 500, plainReadBytes: 300, plainWrittenBytes: 190 } },
    ],
    server: { sockets: { readBytes: 3_501, writtenBytes: 5_702 } },
    relays: [
      [11, 13],
      [17, 19],
    ],
  }),
  before: edge({
    loads: [
      {
        sockets: { readBytes: 10_000, writtenBytes: 6_000, plainReadBytes: 7_000, plainWrittenBytes: 4_000 },
        tally: {
          updateBytes: 1_000,
          savedUpdateBytes: 100,
          publishedBytes: 600,
          savedPublishBytes: 60,
          drainDownFramingBytes: 21,
          drainUpFramingBytes: 31,
          surplusUpdateBytes: 41,
          drainUpTlsBytes: 51,
          drainDownTlsBytes: 61,
        },
      },
      {
        sockets: { readBytes: 1_100, writtenBytes: 800, plainReadBytes: 600, plainWrittenBytes: 350 },
        tally: {
          updateBytes: 200,
          savedUpdateBytes: 20,
          publishedBytes: 90,
          savedPublishBytes: 9,
          drainDownFramingBytes: 2,
          drainUpFramingBytes: 3,
          surplusUpdateBytes: 4,
          drainUpTlsBytes: 5,
          drainDownTlsBytes: 6,
        },
      },
    ],
    server: { sockets: { readBytes: 6_900, writtenBytes: 11_200 } },
    relays: [
      [1_000, 2_000],
      [300, 400],
    ],
  }),
  after: edge({
    loads: [
      {
        sockets: { readBytes: 50_000, writtenBytes: 26_000, plainReadBytes: 37_000, plainWrittenBytes: 19_000 },
        tally: {
          updateBytes: 21_000,
          savedUpdateBytes: 5_100,
          publishedBytes: 8_600,
          savedPublishBytes: 1_060,
          drainDownFramingBytes: 321,
          drainUpFramingBytes: 431,
          surplusUpdateBytes: 541,
          drainUpTlsBytes: 651,
          drainDownTlsBytes: 761,
        },
      },
      {
        sockets: { readBytes: 6_100, writtenBytes: 3_800, plainReadBytes: 4_600, plainWrittenBytes: 2_350 },
        tally: {
          updateBytes: 3_200,
          savedUpdateBytes: 720,
          publishedBytes: 1_090,
          savedPublishBytes: 209,
          drainDownFramingBytes: 32,
          drainUpFramingBytes: 43,
          surplusUpdateBytes: 54,
          drainUpTlsBytes: 65,
          drainDownTlsBytes: 76,
        },
      },
    ],
    server: { sockets: { readBytes: 29_900, writtenBytes: 56_300 } },
    relays: [
      [21_000, 42_000],
      [4_300, 8_400],
    ],
  }),
};

const encrypted = { ...directRoute, tls: { resumption: true } };
const compressed = { ...directRoute, compression: { contextTakeover: true } };
const latest = tinyPlanned(tinyScenario({ semantics: 'latest' }));

test('each layer of the bytes of a window, and of connecting', () => {
  const { whole: _, ...bytes } = byteRecord(tinyTrial(), edges);
  assert.deepEqual(bytes, {
    down: {
      encodedUpdateBytes: 23_000, // 20,000 + 3,000
      framingBytes: 11_000, // (30,000 + 4,000) read inside TLS, less the 23,000
      drainFramingBytes: 330, // 300 + 30
      surplusUpdateBytes: 0, // every update counts, so none is one too many
    },
    up: {
      encodedUpdateBytes: 7_800, // (8,000 + 1,000) published, less (1,000 + 200) saved
      framingBytes: 9_200, // (15,000 + 2,000) written inside TLS, less the 7,800
      drainFramingBytes: 440, // 400 + 40
      surplusUpdateBytes: 0,
    },
    serverReadBytes: 23_000, // 29,900 - 6,900
    serverWrittenBytes: 45_100, // 56,300 - 11,200
    relayUpBytes: 24_000, // 20,000 + 4,000
    relayDownBytes: 48_000, // 40,000 + 8,000
    setUpUpBytes: 3_500, // 3,000 + 500 written
    setUpDownBytes: 5_700, // 5,000 + 700 read
    packets: null,
  });
});

test('all bytes since the first connect, as each party counted them', () => {
  assert.deepEqual(byteRecord(tinyTrial(), edges).whole, {
    clientReadBytes: 56_100, // 50,000 + 6,100
    clientWrittenBytes: 29_800, // 26,000 + 3,800
    serverReadBytes: 29_900,
    serverWrittenBytes: 56_300,
    relayUpBytes: 25_300, // 21,000 + 4,300
    relayDownBytes: 50_400, // 42,000 + 8,400
  });
});

test('where newer replaces older, the surplus of the drain is recorded', () => {
  const bytes = byteRecord(tinyTrial({ planned: latest }), edges);
  assert.equal(bytes.down.surplusUpdateBytes, 550); // 500 + 50
  assert.equal(bytes.up.surplusUpdateBytes, 0);
});

test('with compression, updates have their size on the way and their size without it', () => {
  const { down, up } = byteRecord(tinyTrial({ route: compressed }), edges);
  assert.deepEqual([down.encodedUpdateBytes, down.uncompressedUpdateBytes], [23_000, 28_700]); // + 5,000 + 700 saved
  assert.deepEqual([up.encodedUpdateBytes, up.uncompressedUpdateBytes], [7_800, 9_000]);
});

test('without compression there is no uncompressed size, without TLS no TLS layer', () => {
  const bytes = byteRecord(tinyTrial(), edges);
  assert.equal('uncompressedUpdateBytes' in bytes.down, false);
  assert.equal('uncompressedUpdateBytes' in bytes.up, false);
  assert.equal('tls' in bytes, false);
});

test('TLS is what the sockets carried beyond the text inside', () => {
  assert.deepEqual(byteRecord(tinyTrial({ route: encrypted }), edges).tls, {
    setUpUp: 1_910, // 3,500 written, 1,590 of them inside
    setUpDown: 2_900, // 5,700 read, 2,800 of them inside
    windowUp: 6_000, // 23,000 written, 17,000 of them inside
    windowDown: 11_000, // 45,000 read, 34,000 of them inside
    drainUp: 660, // 600 + 60
    drainDown: 770, // 700 + 70
  });
});

test('the packet layer is recorded if every edge has one', () => {
  const counters = (packets: number) =>
    packetCounters({ up: { packets, bytes: 0, lost: 0, again: 0 }, down: { packets: 0, bytes: 0, lost: 0, again: 0 } });
  const counted: Edges = {
    connected: { ...edges.connected, packets: counters(3) },
    before: { ...edges.before, packets: counters(10) },
    after: { ...edges.after, packets: counters(17) },
  };
  const { packets } = byteRecord(tinyTrial(), counted);
  assert.deepEqual([packets?.setUp.up.packets, packets?.window.up.packets], [3, 7]);
});

test('bytes of a relay need its counters at both edges', () => {
  for (const name of ['before', 'after'] as const) {
    const { relayUpBytes, relayDownBytes } = byteRecord(tinyTrial(), {
      ...edges,
      [name]: { ...edges[name], relays: [] },
    });
    assert.deepEqual([relayUpBytes, relayDownBytes], [null, null], `not there ${name} the window`);
  }
});

test('without a relay its bytes are null', () => {
  const direct: Edges = {
    connected: { ...edges.connected, relays: [] },
    before: { ...edges.before, relays: [] },
    after: { ...edges.after, relays: [] },
  };
  const { relayUpBytes, relayDownBytes, whole } = byteRecord(tinyTrial(), direct);
  assert.deepEqual([relayUpBytes, relayDownBytes, whole.relayUpBytes, whole.relayDownBytes], [null, null, null, null]);
});
